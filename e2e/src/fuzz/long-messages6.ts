/** Long DHCPv6 messages: many associations against pools that have fewer, and many of all else. */
import { hex, text, u16, u32 } from "@kotare/testkit/payloads";
import { client, na, pd, query } from "../oracle/dhcp6/client.ts";
import { LAN } from "../oracle/dhcp6/lan.ts";
import { type Speech6, stage6 } from "../oracle/dhcp6/stage.ts";
import { encodeOptions6, MessageType6 } from "../wire/message6.ts";
import { each, type LongMessages } from "./long-messages.ts";

const who = client(1);
const { SOLICIT, REQUEST, RENEW, REBIND, RELEASE, DECLINE, CONFIRM, INFORMATION_REQUEST } = MessageType6;
const TYPES = [SOLICIT, REQUEST, RENEW, REBIND, RELEASE, DECLINE, CONFIRM, INFORMATION_REQUEST];
const address = (index: number) => `2001:db8::${(16 + index).toString(16)}`;
const prefix = (index: number) => `2001:db8:8000:${(256 * index).toString(16)}::/56`;

export const longMessages6: LongMessages<Speech6> = {
  stage: stage6,
  config: {
    subnet6: [
      {
        ...LAN,
        pools: [{ pool: "2001:db8::10-2001:db8::2f" }, { pool: "2001:db8::40-2001:db8::47" }],
        "pd-pools": [
          { prefix: "2001:db8:8000::", "prefix-len": 52, "delegated-len": 56 },
          { prefix: "2001:db8:9000::", "prefix-len": 36, "delegated-len": 64 },
        ],
        "rapid-commit": true,
        reservations: [{ duid: Buffer.from(who.duid).toString("hex"), prefixes: ["2001:db8:9000::/36"] }],
      },
    ],
    "client-classes": [
      { name: "vendor", test: "vendor[4491].option[36].exists" },
      { name: "name", test: "match('(a|b)*c', option[39].hex)" },
      { name: "inner", test: "option[3].option[5].exists or option[17].option[1].exists" },
    ],
    "store-extended-info": true,
  },
  pieces: [
    { name: "IA_NA", options: (count) => each(count, (index) => na(index)) },
    { name: "IA_NA with an address", options: (count) => each(count, (index) => na(index, address(index))) },
    { name: "IA_NA with the same address", options: (count) => each(count, (index) => na(index, address(0))) },
    { name: "IA_NA of one IAID", options: (count) => each(count, (index) => na(1, address(index))) },
    { name: "addresses", options: (count) => [na(1, ...each(count, (i) => [i, text("")]).map(([i]) => address(i)))] },
    { name: "IA_PD", options: (count) => each(count, (index) => pd(index)) },
    { name: "IA_PD with a prefix", options: (count) => each(count, (index) => pd(index, prefix(index))) },
    { name: "IA_PD with a length", options: (count) => each(count, (index) => pd(index, "::/64")) },
    { name: "wishes", options: (count) => [[6, u16(...Array.from({ length: count }, (_, index) => index))]] },
    { name: "unknown options", options: (count) => each(count, (index) => [1000 + index, text("")]) },
    { name: "vendors", options: (count) => each(count, (index) => [17, u32(index)]) },
    {
      name: "vendor options",
      options: (count) => [[17, Buffer.concat([u32(4491), encodeOptions6(each(count, () => [36, text("m")]))])]],
    },
    {
      name: "vendor classes",
      options: (count) => [
        [16, Buffer.concat([u32(4491), ...each(count, () => [0, hex("0000")]).map(([, value]) => value)])],
      ],
    },
    { name: "user classes", options: (count) => [[15, Buffer.alloc(2 * count)]] },
    {
      name: "a name",
      options: (count) => [
        [
          39,
          Buffer.concat([
            hex("01"),
            ...each(Math.min(count, 120), () => [0, hex("0161")]).map(([, value]) => value),
            hex("00"),
          ]),
        ],
      ],
    },
  ],
  usual: query(who, SOLICIT, [na(1), pd(1)]),
  message: (type, options) => query(who, TYPES[type % TYPES.length]!, options, { oro: null }),
};
