/** What Kea's hooks do with packets: only Kea 3 has all of them. */
import { text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { client, na, pd } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Scene6 } from "./stage.ts";

const at = (place: string): Option => [15, Buffer.concat([Uint8Array.of(0, place.length), text(place)])];

const edits = [
  { code: 59, add: "concat('tftp://', option[15].hex)" },
  { name: "dns-servers", remove: "option[15].exists" },
  { name: "domain-search", supersede: "'a.example, b.example'", "csv-format": true },
  { code: 31, add: "0x20010db8000000000000000000000007" },
];

const vendorEdits = [
  {
    name: "vendor-opts",
    "sub-options": [
      { space: "vendor-9", name: "one", add: "option[15].hex" },
      { space: "vendor-4491", code: 32, add: "0x20010db8000000000000000000000007" },
    ],
  },
];

const flexId = (parameters: object) => [
  { library: "libdhcp_flex_id.so", parameters: { "identifier-expression": "option[15].hex", ...parameters } },
];

const flexIdConfig = {
  // Next to nothing, and no integer: what is confirmed as it stands would be a second short where one has passed meanwhile.
  "cache-threshold": 0.000001,
  "host-reservation-identifiers": ["duid", "flex-id"],
  subnet6: [{ ...LAN, reservations: [{ "flex-id": "0005706f727437", "ip-addresses": ["2001:db8::77"] }] }],
};

export const hookScenes6: readonly Scene6[] = [
  {
    title: "flex_id",
    config: { ...flexIdConfig, "hooks-libraries": flexId({}) },
    exchanges: [
      binds("reserved by it", client(1), [na(1)], { options: [at("port7")] }),
      binds("not reserved", client(2), [na(1)], { options: [at("port8")] }),
      binds("another device while the first has the lease", client(3), [na(1)], { options: [at("port7")] }),
    ],
  },
  {
    title: "flex_id, replace-client-id",
    config: { ...flexIdConfig, "hooks-libraries": flexId({ "replace-client-id": true }) },
    exchanges: [
      binds("a device", client(1), [na(1)], { options: [at("port7")] }),
      binds("another device at its place", client(2), [na(1)], { options: [at("port7")] }),
      binds("one where nothing is reserved", client(3), [na(1)], { options: [at("port8")] }),
      binds("another one there", client(4), [na(1)], { options: [at("port8")] }),
      binds("one that says nothing of its place", client(5), [na(1)]),
    ],
  },
  {
    title: "flex_id, ignore-iaid",
    config: { ...flexIdConfig, "hooks-libraries": flexId({ "ignore-iaid": true }) },
    exchanges: [
      binds("an association", client(1), [na(1)], { options: [at("port8")] }),
      binds("with another number", client(1), [na(2)], { options: [at("port8")] }),
      binds("two kinds", client(2), [na(1), pd(2)], { options: [at("port9")] }),
      binds("the first of one that has two now", client(1), [na(1), na(2)], { options: [at("port8")] }),
      binds("one of nobody's place", client(3), [na(7)]),
    ],
  },
  {
    title: "flex_option, sub-options of vendors",
    config: {
      "option-def": [{ name: "one", code: 1, type: "string", space: "vendor-9" }],
      subnet6: [LAN],
      "hooks-libraries": [{ library: "libdhcp_flex_option.so", parameters: { options: vendorEdits } }],
    },
    exchanges: [
      binds("without the options of any", client(1), [na(1)], { options: [at("kind")] }),
      binds("whose class is another", client(2), [na(1)]),
    ],
  },
  {
    title: "flex_option",
    config: {
      subnet6: [LAN],
      "hooks-libraries": [{ library: "libdhcp_flex_option.so", parameters: { options: edits } }],
    },
    exchanges: [
      binds("of a client in a class", client(1), [na(1)], { options: [at("kind")] }),
      binds("of another one", client(2), [na(1)]),
    ],
  },
];
