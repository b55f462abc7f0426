/** Kea's flex_id and flex_option, played on Kea 3. */
import { text } from "@kotare/testkit/payloads";
import { client, macClientId } from "../client.ts";
import { LAN } from "../lan.ts";
import { bind, binds } from "../play.ts";
import type { Scene4 } from "../stage.ts";

const flexId = (parameters: object) => [
  { library: "libdhcp_flex_id.so", parameters: { "identifier-expression": "option[60].text", ...parameters } },
];
const at = (place: string) => ({ options: [[60, text(place)] as const] });

const flexIdConfig = {
  // Next to nothing, and no integer: what is confirmed as it stands would be a second short where one has passed meanwhile.
  "cache-threshold": 0.000001,
  "host-reservation-identifiers": ["hw-address", "flex-id"],
  subnet4: [
    {
      ...LAN,
      reservations: [
        { "flex-id": "'port7'", "ip-address": "10.0.0.77", hostname: "seven" },
        { "hw-address": client(3).mac, "ip-address": "10.0.0.78" },
      ],
    },
  ],
};

const replacing: Scene4["exchanges"] = [
  binds("a device", client(1, macClientId(client(1).mac)), at("port7")),
  binds("another device at its place", client(2, macClientId(client(2).mac)), at("port7")),
  binds("one without a client identifier there", client(4), at("port8")),
  binds("another one there", client(5, macClientId(client(5).mac)), at("port8")),
  binds("one that says nothing of its place", client(6, macClientId(client(6).mac))),
];

/** Of one client, for which they are all made: it calls itself `alice`. */
const edits = [
  { code: 67, add: "concat(option[host-name].text, '.boot')" },
  { name: "domain-name", supersede: "'flex.example'" },
  { code: 6, remove: "option[host-name].text == 'alice'" },
  { code: 42, remove: "option[host-name].text == 'bob'" },
  { code: 3, add: "'none'" },
  { name: "domain-search", add: "'a.example, b.example'", "csv-format": true },
  { code: 66, add: "'tftp'", "client-class": "named" },
  { code: 17, add: "'root'", "client-class": "unnamed" },
  { code: 58, supersede: "0x00000064" },
  { code: 1, supersede: "ifelse(option[host-name].text == 'alice', 255.255.255.255, '')" },
];

/** In a container that is configured, and in one that is not. */
const subEdits = [
  { name: "bag", "sub-options": [{ name: "two", add: "'7'", "csv-format": true }] },
  {
    code: 201,
    "sub-options": [
      { code: 1, add: "'never'" },
      { code: 3, supersede: "option[host-name].text" },
    ],
  },
  { code: 43, "sub-options": [{ code: 1, add: "'foobar'" }] },
  { code: 202, "sub-options": [{ code: 1, add: "'x'", "container-add": false }] },
  { code: 203, "sub-options": [{ code: 1, remove: "option[host-name].text == 'alice'" }] },
  { code: 204, "sub-options": [{ code: 1, remove: "option[host-name].text == 'alice'", "container-remove": false }] },
];

const vendorEdits = [
  {
    code: 125,
    "sub-options": [
      { space: "vendor-9", name: "two", add: "'7'", "csv-format": true },
      { space: "vendor-9", code: 1, supersede: "'y'" },
      { space: "vendor-4491", code: 2, add: "10.0.0.53" },
    ],
  },
];

const BAGS = [201, 202, 203, 204];

export const hookScenes4: readonly Scene4[] = [
  {
    title: "flex_id",
    config: { ...flexIdConfig, "hooks-libraries": flexId({}) },
    exchanges: [
      binds("reserved by it", client(1, macClientId(client(1).mac)), at("port7")),
      binds("by another identifier", client(3), at("port9")),
      binds("not reserved", client(4), at("port8")),
      binds("another device while the first has the lease", client(2), at("port7")),
    ],
  },
  {
    title: "flex_id, replace-client-id",
    config: { ...flexIdConfig, "hooks-libraries": flexId({ "replace-client-id": true }) },
    exchanges: replacing,
  },
  {
    title: "flex_id, replace-client-id, echo-client-id off",
    config: { ...flexIdConfig, "echo-client-id": false, "hooks-libraries": flexId({ "replace-client-id": true }) },
    exchanges: replacing,
  },
  {
    title: "flex_option, sub-options",
    config: {
      "option-def": [
        { name: "bag", code: 201, type: "empty", encapsulate: "bag" },
        { name: "bag-2", code: 202, type: "empty", encapsulate: "bag" },
        { name: "bag-3", code: 203, type: "empty", encapsulate: "bag-3" },
        { name: "bag-4", code: 204, type: "empty", encapsulate: "bag-3" },
        { name: "one", code: 1, type: "string", space: "bag" },
        { name: "two", code: 2, type: "uint16", space: "bag" },
        { name: "three", code: 3, type: "string", space: "bag" },
        { name: "one", code: 1, type: "string", space: "bag-3" },
      ],
      "option-data": [
        { name: "bag", "always-send": true },
        { name: "one", space: "bag", data: "x" },
        { name: "bag-3", "always-send": true },
        { name: "bag-4", "always-send": true },
        { name: "one", space: "bag-3", data: "y" },
      ],
      subnet4: [LAN],
      "hooks-libraries": [{ library: "libdhcp_flex_option.so", parameters: { options: subEdits } }],
    },
    exchanges: [
      binds("for one name", client(1), { prl: [1, 3, ...BAGS], options: [[12, text("alice")]] }),
      binds("for another", client(2), { prl: [1, 3, ...BAGS], options: [[12, text("bob")]] }),
    ],
  },
  {
    title: "flex_option, sub-options of vendors",
    config: {
      "option-def": [
        { name: "one", code: 1, type: "string", space: "vendor-9" },
        { name: "two", code: 3, type: "uint16", space: "vendor-9" },
      ],
      "option-data": [
        { name: "vivso-suboptions", data: "9", "always-send": true },
        { name: "one", space: "vendor-9", data: "x", "always-send": true },
      ],
      subnet4: [LAN],
      "hooks-libraries": [{ library: "libdhcp_flex_option.so", parameters: { options: vendorEdits } }],
    },
    exchanges: [
      binds("of no vendor", client(1), { prl: [1, 3, 125] }),
      binds("of a vendor", client(2), { prl: [1, 3, 125], options: [[124, Uint8Array.of(0, 0, 0, 9, 2, 1, 65)]] }),
      binds("of another vendor", client(3), {
        prl: [1, 3, 125],
        options: [[124, Uint8Array.of(0, 0, 0x11, 0x8b, 2, 1, 65)]],
      }),
    ],
  },
  {
    title: "flex_option",
    config: {
      "client-classes": [{ name: "named", test: "option[host-name].exists" }, { name: "unnamed" }],
      subnet4: [LAN],
      "hooks-libraries": [{ library: "libdhcp_flex_option.so", parameters: { options: edits } }],
    },
    exchanges: [
      {
        title: "options are added, replaced and taken away",
        play: async (script) => void (await bind(script, client(1), { options: [[12, text("alice")]] })),
      },
      binds("of another name", client(2), { options: [[12, text("bob")]] }),
      binds("without a name", client(3)),
    ],
  },
];
