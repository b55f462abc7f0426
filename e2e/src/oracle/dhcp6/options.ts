/** Options: what is sent to whom, from which scope, in which encoding. */

import { dhcp6Vectors, subOptionVectors6 } from "@kotare/core/dhcp6/options/options.vectors";
import { hex, text, u16, u32 } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { encodeOptions6 } from "../../wire/message6.ts";
import { asks, tells } from "../scene.ts";
import { client, home, inform, na, pd, request, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const ALL_CODES = Array.from({ length: 160 }, (_, i) => i + 1);

const lists: Exchange6[] = [
  asks("no list", solicit(client(1), [na(1, home(1))], { oro: null })),
  asks("a list of one", solicit(client(2), [na(1, home(2))], { oro: [31] })),
  asks(
    "a list with repetitions and unknown codes",
    solicit(client(3), [na(1, home(3))], { oro: [31, 31, 0, 0xffff, 222, 23] }),
  ),
  asks("everything", solicit(client(4), [na(1, home(4))], { oro: ALL_CODES })),
  asks("lists in two options", solicit(client(5), [na(1, home(5))], { oro: [31], options: [[6, u16(24)]] })),
  tells("half a code", solicit(client(6), [na(1, home(6))], { oro: null, options: [[6, hex("0017 00")]] })),
  asks("INFORMATION-REQUEST of everything", inform(client(7), { oro: ALL_CODES })),
];

/** What Kea 2.6 does not know, or the server computes itself. */
const NOT_CONFIGURED = new Set(
  "clientid serverid ia-na ia-ta iaaddr oro elapsed-time relay-msg auth status-code rapid-commit ia-pd iaprefix"
    .split(" ")
    .concat(
      "client-fqdn interface-id pd-exclude rsoo reconf-msg reconf-accept user-class vendor-class vendor-opts".split(
        " ",
      ),
      "ntp-server dhcpv4-message addr-reg-enable".split(" "),
    ),
);
const CONFIGURED = dhcp6Vectors.filter(([name]) => !NOT_CONFIGURED.has(name)).map(([name, , data]) => ({ name, data }));
const SUB_OPTIONS = subOptionVectors6
  .filter(([space]) => space.startsWith("s46") || space === "vendor-4491")
  .map(([space, name, , data]) => ({ space, name, data }));

const kinds: Exchange6[] = [
  asks("every kind of option", solicit(client(1), [na(1, home(1))], { oro: ALL_CODES })),
  asks("the list reversed", solicit(client(2), [na(1, home(2))], { oro: ALL_CODES.toReversed() })),
];

const scopes: Exchange6[] = [
  asks("all scopes", solicit(client(1), [na(1, "2001:db8::20")], { oro: [21, 22, 23, 24, 27, 28, 31] })),
  asks("another pool", solicit(client(2), [na(1, "2001:db8::120")], { oro: [21, 22, 23, 24, 27, 28, 31] })),
  asks("a prefix", solicit(client(3), [pd(1, "2001:db8:8000:300::/56")], { oro: [21, 22, 23, 24, 27, 28, 31] })),
  asks(
    "an address and a prefix",
    solicit(client(4), [na(1, "2001:db8::24"), pd(1, "2001:db8:8000:400::/56")], { oro: [21, 22, 23, 24, 27, 28, 31] }),
  ),
  asks("a host's", solicit(client(5), [na(1, "2001:db8::25")], { oro: [21, 22, 23, 24, 27, 28, 31] })),
  asks("always-send and never-send without a list", solicit(client(6), [na(1, "2001:db8::26")], { oro: null })),
  asks("INFORMATION-REQUEST", inform(client(7), { oro: [21, 22, 23, 24, 27, 28, 31] })),
  asks("INFORMATION-REQUEST of a host", inform(client(5), { oro: [21, 22, 23, 24, 27, 28, 31] })),
];

/** The last group of each address tells the scope. */
const SCOPES = {
  "option-data": [
    { name: "sip-server-addr", data: "2001:db8::1" },
    { name: "dns-servers", data: "2001:db8::1" },
    { name: "nis-servers", data: "2001:db8::1", "never-send": true },
    { name: "nisp-servers", data: "2001:db8::1", "always-send": true },
    { name: "domain-search", data: "global.example" },
  ],
  "shared-networks": [
    {
      name: "floor",
      interface: "eth0",
      "option-data": [
        { name: "sip-server-addr", data: "2001:db8::2" },
        { name: "dns-servers", data: "2001:db8::2" },
        { name: "sntp-servers", data: "2001:db8::2", "always-send": true },
      ],
      subnet6: [
        {
          id: 1,
          subnet: "2001:db8::/64",
          "option-data": [{ name: "dns-servers", data: "2001:db8::3" }],
          pools: [
            {
              pool: "2001:db8::10-2001:db8::7f",
              "option-data": [
                { name: "sntp-servers", data: "2001:db8::4" },
                { name: "nis-servers", data: "2001:db8::4" },
                { name: "domain-search", data: "pool.example" },
              ],
            },
            { pool: "2001:db8::100-2001:db8::1ff" },
          ],
          "pd-pools": [
            {
              ...LAN["pd-pools"][0],
              "option-data": [
                { name: "sip-server-dns", data: "pd.example" },
                { name: "domain-search", data: "pd.example" },
              ],
            },
          ],
          reservations: [
            {
              duid: Buffer.from(client(5).duid).toString("hex"),
              "option-data": [
                { name: "dns-servers", data: "2001:db8::5" },
                { name: "domain-search", data: "host.example" },
              ],
            },
          ],
        },
      ],
    },
  ],
};

const VENDORS = {
  "option-def": [
    { name: "colour", code: 1, space: "vendor-9", type: "string" },
    { name: "size", code: 2, space: "vendor-9", type: "uint16", array: true },
    { name: "box", code: 3, space: "vendor-9", type: "record", "record-types": "uint8, ipv6-address, fqdn" },
  ],
  "option-data": [
    { name: "vendor-opts", data: "4491" },
    { name: "tftp-servers", space: "vendor-4491", data: "2001:db8::69" },
    { name: "config-file", space: "vendor-4491", data: "cm.cfg" },
    { name: "time-offset", space: "vendor-4491", data: "-18000", "always-send": true },
    { name: "colour", space: "vendor-9", data: "blue", "always-send": true },
    { name: "size", space: "vendor-9", data: "1, 2, 3" },
    { name: "box", space: "vendor-9", data: "7, 2001:db8::9, box.example" },
    { code: 4711, space: "vendor-9", data: "c0ffee", "csv-format": false },
  ],
};

function vendorClass(enterprise: number): Option {
  return [16, Buffer.concat([u32(enterprise), u16(3), text("box")])];
}

function vendorOptions(enterprise: number, ...inner: readonly Option[]): Option {
  return [17, Buffer.concat([u32(enterprise), encodeOptions6(inner)])];
}

function vendorSays(title: string, number: number, oro: readonly number[], ...options: readonly Option[]): Exchange6 {
  return asks(title, solicit(client(number), [na(1, home(number))], { oro, options }));
}

const CABLE_WISHES: Option = [1, u16(32, 33)];

const vendors: Exchange6[] = [
  vendorSays("nobody's, asked for", 1, [17]),
  vendorSays("nobody's, not asked for", 2, [23]),
  vendorSays("vendor class 4491", 3, [17], vendorClass(4491)),
  vendorSays("vendor class 9", 4, [17], vendorClass(9)),
  vendorSays("vendor class 9, not asked for", 5, [23], vendorClass(9)),
  vendorSays("vendor class of nobody", 6, [17], vendorClass(77)),
  vendorSays("vendor classes of both", 7, [17], vendorClass(4491), vendorClass(9)),
  vendorSays("vendor options of 4491 with wishes", 8, [17], vendorOptions(4491, CABLE_WISHES)),
  vendorSays("vendor options of 4491 with wishes, not asked for", 9, [23], vendorOptions(4491, CABLE_WISHES)),
  vendorSays("vendor options of 4491 without wishes", 10, [17], vendorOptions(4491)),
  vendorSays("vendor options of 9 with wishes", 11, [17], vendorOptions(9, [1, u16(2, 3)])),
  vendorSays("vendor options of both", 12, [17], vendorOptions(4491, CABLE_WISHES), vendorOptions(9)),
  vendorSays("vendor class of one and options of another", 13, [17], vendorClass(9), vendorOptions(4491, CABLE_WISHES)),
  asks("REQUEST", request(client(14), [na(1, home(14))], { oro: [17], options: [vendorClass(9)] })),
  asks("INFORMATION-REQUEST", inform(client(15), { oro: [17], options: [vendorOptions(4491, CABLE_WISHES)] })),
];

/** Types of option that no standard option has. */
const DEFINITIONS = {
  "option-def": [
    { name: "o-bool", code: 1000, type: "boolean" },
    { name: "o-int8", code: 1001, type: "int8" },
    { name: "o-int16", code: 1002, type: "int16", array: true },
    { name: "o-int32", code: 1003, type: "int32" },
    { name: "o-uint32", code: 1004, type: "uint32", array: true },
    { name: "o-ipv4", code: 1005, type: "ipv4-address", array: true },
    { name: "o-prefix", code: 1006, type: "ipv6-prefix", array: true },
    { name: "o-psid", code: 1007, type: "psid" },
    { name: "o-tuple", code: 1008, type: "tuple", array: true },
    { name: "o-record", code: 1009, type: "record", "record-types": "boolean, uint8, ipv6-address, fqdn, string" },
    { name: "o-record-array", code: 1010, type: "record", "record-types": "uint8, uint16", array: true },
    { name: "o-outer", code: 1011, type: "uint16", encapsulate: "inner" },
    { name: "o-container", code: 1012, type: "empty", encapsulate: "inner" },
    { name: "i-name", code: 1, space: "inner", type: "string" },
    { name: "i-number", code: 2, space: "inner", type: "uint32" },
    { name: "o-binary", code: 1013, type: "binary" },
    { name: "o-fqdns", code: 1014, type: "fqdn", array: true },
    { name: "o-empty", code: 1015, type: "empty" },
  ],
  "option-data": [
    { name: "o-bool", data: "true" },
    { name: "o-int8", data: "-7" },
    { name: "o-int16", data: "-1, 2" },
    { name: "o-int32", data: "-2147483648" },
    { name: "o-uint32", data: "0, 4294967295" },
    { name: "o-ipv4", data: "192.0.2.1, 192.0.2.2" },
    { name: "o-prefix", data: "2001:db8::/33, ::/0, 2001:db8::1/128" },
    { name: "o-psid", data: "3/4" },
    { name: "o-tuple", data: "one, two words" },
    { name: "o-record", data: "false, 9, 2001:db8::9, a.example, text at the end" },
    { name: "o-record-array", data: "1, 2, 3" },
    { name: "o-outer", data: "17" },
    { name: "o-container" },
    { name: "i-name", space: "inner", data: "x" },
    { name: "i-number", space: "inner", data: "65536" },
    { name: "o-binary", data: "c0ffee" },
    { name: "o-fqdns", data: "a.example, b.example." },
    { name: "o-empty" },
    { code: 1099, data: "c0ffee", "csv-format": false },
    { code: 1098, data: "'quoted text'", "csv-format": false },
  ],
};

export const optionScenes: Scene6[] = [
  { title: "lists of wishes", config: { subnet6: [LAN] }, exchanges: lists },
  {
    title: "every kind of option",
    config: { subnet6: [{ ...LAN, "option-data": [...CONFIGURED, ...SUB_OPTIONS] }] },
    exchanges: kinds,
  },
  { title: "options of every scope", config: SCOPES, exchanges: scopes },
  { title: "vendor options", config: { ...VENDORS, subnet6: [LAN] }, exchanges: vendors },
  {
    title: "option definitions",
    config: { ...DEFINITIONS, subnet6: [LAN] },
    exchanges: [
      asks("all", solicit(client(1), [na(1, home(1))], { oro: Array.from({ length: 100 }, (_, i) => 1000 + i) })),
    ],
  },
  {
    title: "options for the client's conduct",
    config: {
      "option-data": [
        { name: "preference", data: "200", "always-send": true },
        { name: "solmax-rt", data: "3600", "always-send": true },
        { name: "inf-max-rt", data: "3600" },
        { name: "information-refresh-time", data: "7200" },
        { name: "unicast", data: "2001:db8::1" },
      ],
      subnet6: [LAN],
    },
    exchanges: [
      binds("ADVERTISE and REPLY", client(1), [na(1, home(1))], { oro: [12, 32, 82, 83] }),
      binds("not asked for", client(2), [na(1, home(2))]),
      asks("INFORMATION-REQUEST", inform(client(3), { oro: [12, 32, 82, 83] })),
      asks("INFORMATION-REQUEST without a list", inform(client(4), { oro: null })),
    ],
  },
];
