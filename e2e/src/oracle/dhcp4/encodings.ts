/** Options of every type, from the configuration's text to the bytes on the wire; long ones, nested ones, vendors'. */
import { hex, text } from "@kotare/testkit/payloads";
import { MessageType4 } from "../../wire/message4.ts";
import { asks } from "../scene.ts";
import { client, discover, query } from "./client.ts";
import { LAN } from "./lan.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

/** One of each type, so that every text form is encoded once. */
const EVERY_TYPE = [
  { code: 2, name: "time-offset", data: "-18000" },
  { code: 13, name: "boot-size", data: "4096" },
  { code: 19, name: "ip-forwarding", data: "true" },
  { code: 21, name: "policy-filter", data: "10.0.0.0, 255.255.255.0" },
  { code: 23, name: "default-ip-ttl", data: "64" },
  { code: 25, name: "path-mtu-plateau-table", data: "68, 296, 508" },
  { code: 26, name: "interface-mtu", data: "1400" },
  { code: 35, name: "arp-cache-timeout", data: "3600" },
  { code: 17, name: "root-path", data: "/exports/root" },
  { code: 40, name: "nis-domain", data: "nis" },
  { code: 60, name: "vendor-class-identifier", data: "us" },
  { code: 66, name: "tftp-server-name", data: "tftp.example.org" },
  { code: 67, name: "boot-file-name", data: "pxelinux.0" },
  { code: 77, name: "user-class", data: "0102", "csv-format": false },
  { code: 78, name: "slp-directory-agent", data: "true, 10.0.0.7" },
  { code: 79, name: "slp-service-scope", data: "false, scope" },
  { code: 88, name: "bcms-controller-names", data: "a.example.org, b.example.org" },
  { code: 94, name: "client-ndi", data: "1, 2, 3" },
  { code: 97, name: "uuid-guid", data: "0, 0102030405060708" },
  { code: 119, name: "domain-search", data: "eng.example.org, example.org, sales.example.org" },
  { code: 121, name: "classless-static-route", data: "10.17.0.0/16 - 10.0.0.254, 0.0.0.0/0 - 10.0.0.1" },
  { code: 137, name: "v4-lost", data: "lost.example.org" },
  { code: 138, name: "capwap-ac-v4", data: "10.0.0.8,10.0.0.9" },
  { code: 141, name: "sip-ua-cs-domains", data: "sip.example.org" },
  { code: 146, name: "rdnss-selection", data: "1, 10.0.0.10, 10.0.0.11, example.org" },
  { code: 159, name: "v4-portparams", data: "4, 3/2" },
  { code: 212, name: "option-6rd", data: "8, 32, 2001:db8::, 10.0.0.12" },
  { code: 213, name: "v4-access-domain", data: "access.example.org" },
  { code: 114, name: "v4-captive-portal", data: "https://portal.example.org/" },
  { code: 24, name: "path-mtu-aging-timeout", data: "1800" },
  { code: 143, name: "v4-sztp-redirect", data: "https://one/, https://two/" },
  { code: 117, name: "name-service-search", data: "6, 44" },
  { code: 224, name: "words", data: "quoted\\, comma" },
  { code: 225, name: "numbers", data: "7, 10.0.0.13, true, text" },
  { code: 226, name: "names", data: "x.example.org, y.example.org" },
  { code: 227, name: "long", data: "ab".repeat(300), "csv-format": false },
  { code: 1, name: "inner", space: "nest", data: "5" },
  { code: 228, name: "container", data: "1" },
  { code: 125, name: "vivso-suboptions", data: "4491" },
  { code: 2, name: "tftp-servers", space: "vendor-4491", data: "10.0.0.14" },
  { code: 1, name: "magic", space: "vendor-encapsulated-options-space", data: "ff01", "csv-format": false },
  { code: 43, name: "vendor-encapsulated-options", data: "" },
];

const DEFINITIONS = [
  { name: "words", code: 224, type: "string" },
  { name: "numbers", code: 225, type: "record", "record-types": "uint16, ipv4-address, boolean, string" },
  { name: "names", code: 226, type: "fqdn", array: true },
  { name: "long", code: 227, type: "binary" },
  { name: "container", code: 228, type: "uint8", encapsulate: "nest" },
  { name: "inner", code: 1, space: "nest", type: "uint32" },
  { name: "magic", code: 1, space: "vendor-encapsulated-options-space", type: "binary" },
];

const ALL_CODES = Array.from({ length: 254 }, (_, i) => i + 1);

/** The code under which a configured option travels: its own, or that of the option that carries its space. */
function carrierOf(option: (typeof EVERY_TYPE)[number]): number {
  switch (option.space) {
    case undefined:
      return option.code;
    case "nest":
      return 228;
    case "vendor-4491":
      return 125;
    default:
      return 43;
  }
}

const encodings: Exchange4[] = [
  ...EVERY_TYPE.map((option, index) =>
    asks(
      `one option: ${option.name}`,
      discover(client(10 + index), { prl: [carrierOf(option)], options: [[57, hex("05dc")]] }),
    ),
  ),
  asks("all options at once", discover(client(80), { prl: ALL_CODES, options: [[57, hex("2328")]] })),
  asks(
    "Vendor-class and vendor options asked for",
    query(
      client(81),
      MessageType4.DISCOVER,
      [
        [60, text("docsis3.0")],
        [124, hex("0000118b 04 03616263")],
        [125, hex("0000118b 04 01020203")],
      ],
      { prl: [43, 60, 124, 125] },
    ),
  ),
  asks(
    "two vendors in 125",
    query(client(82), MessageType4.DISCOVER, [[125, hex("0000118b 00 00000009 03 010101")]], { prl: [125] }),
  ),
];

const sizes: Exchange4[] = [
  asks("maximum message size unset", discover(client(1), { prl: ALL_CODES })),
  asks("maximum message size 576", discover(client(2), { prl: ALL_CODES, options: [[57, hex("0240")]] })),
  asks(
    "maximum message size 300, less than allowed",
    discover(client(3), { prl: ALL_CODES, options: [[57, hex("012c")]] }),
  ),
  asks("maximum message size 1500", discover(client(4), { prl: ALL_CODES, options: [[57, hex("05dc")]] })),
];

export const encodingScenes: Scene4[] = [
  {
    title: "option encodings",
    config: { "option-def": DEFINITIONS, "option-data": EVERY_TYPE, subnet4: [{ ...LAN, "option-data": [] }] },
    exchanges: encodings,
  },
  {
    title: "a standard vendor option defined again",
    config: {
      "option-def": [{ name: "tftp-servers", code: 2, space: "vendor-4491", type: "ipv4-address", array: true }],
      "option-data": [{ name: "tftp-servers", space: "vendor-4491", data: "10.0.0.14", "always-send": true }],
      subnet4: [LAN],
    },
    exchanges: [
      asks("sent", query(client(90), MessageType4.DISCOVER, [[124, hex("0000118b 04 03616263")]], { prl: [125] })),
    ],
  },
  {
    title: "message sizes",
    config: { "option-def": DEFINITIONS, "option-data": EVERY_TYPE, subnet4: [LAN] },
    exchanges: sizes,
  },
];
