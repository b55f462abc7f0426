/** Long DHCPv4 messages: many options, many parts of one, many of what is inside of them. */
import { hex, text } from "@kotare/testkit/payloads";
import { client, discover } from "../oracle/dhcp4/client.ts";
import { type Speech4, stage4 } from "../oracle/dhcp4/stage.ts";
import { MessageType4, type Option } from "../wire/message4.ts";
import { each, type LongMessages } from "./long-messages.ts";

const who = client(1);
const { DISCOVER, REQUEST, INFORM, RELEASE, DECLINE } = MessageType4;
const TYPES: readonly MessageType4[] = [DISCOVER, REQUEST, INFORM, RELEASE, DECLINE];

/** An option of any length, in parts (RFC 3396). */
function long(code: number, value: Uint8Array): readonly Option[] {
  return each(Math.ceil(value.length / 255), (part) => [code, value.subarray(255 * part, 255 * (part + 1))]);
}

/** One value so often, in one option. */
function filled(code: number, value: Uint8Array, count: number, head: Uint8Array = hex("")): readonly Option[] {
  return long(code, Buffer.concat([head, ...Array.from({ length: count }, () => value)]));
}

export const longMessages4: LongMessages<Speech4> = {
  stage: stage4,
  config: {
    subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.40" }] }],
    "client-classes": [
      { name: "vendor", test: "vendor[4491].option[1].exists and vendor-class[4491].data[3] == 'x'" },
      { name: "name", test: "match('(a|b)*c', option[81].hex)" },
      { name: "inner", test: "option[43].option[9].exists or option[82].option[7].exists" },
    ],
    "store-extended-info": true,
  },
  pieces: [
    { name: "unknown options", options: (count) => each(count, (index) => [128 + (index % 90), text("")]) },
    { name: "parts of one option", options: (count) => each(count, () => [43, text("")]) },
    { name: "wishes", options: (count) => filled(55, hex("2b"), count) },
    { name: "vendor options", options: (count) => filled(43, hex("0101ff"), count) },
    { name: "vendors", options: (count) => filled(125, hex("0000118b 03 010100"), count) },
    { name: "vendor classes", options: (count) => filled(124, hex("0000118b 02 0161"), count) },
    { name: "agent options", options: (count) => filled(82, hex("0600"), count) },
    { name: "user classes", options: (count) => filled(77, hex("0161"), count) },
    { name: "a name", options: (count) => filled(81, hex("0161"), Math.min(count, 120), hex("050000")) },
    { name: "a host name", options: (count) => filled(12, text("a"), count) },
    { name: "a client identifier", options: (count) => filled(61, hex("01"), count) },
    { name: "pads", options: (count) => each(count, () => [0, text("")]) },
  ],
  usual: discover(who),
  message: (type, options) => ({
    mac: who.mac,
    options: [[53, Uint8Array.of(TYPES[type % TYPES.length]!)], ...options],
  }),
};
