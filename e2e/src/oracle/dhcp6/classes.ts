/** Classes of DHCPv6: what expressions ask of a packet, and SOLICITs in which some have it and others have not. */
import { u16, u32 } from "@kotare/testkit/payloads";
import { linkLocal } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message4.ts";
import { encodeOptions6, MessageType6 } from "../../wire/message6.ts";
import { vocabulary } from "../classes/generator.ts";
import type { Random } from "../classes/random.ts";
import type { ClassFamily } from "../classes/suite.ts";
import { client, na, type Query, RELAY_MAC } from "./client.ts";
import { LAN } from "./lan.ts";
import { type Speech6, stage6 } from "./stage.ts";

/** Clients with reservations, so that they are KNOWN, have the numbers below this. */
const KNOWN_CLIENTS = 4;
const ENTERPRISES = [4491, 311];

function makePacket(random: Random): readonly [Query, Speech6["route"]] {
  const word = () => Buffer.from(random.pick(vocabulary), "latin1");
  const filled = () => Buffer.concat([word(), Buffer.from(random.pick(["a", "b", "1"]))]);
  const who = client(random.below(16));
  const options: Option[] = [[1, who.duid], na(1 + random.below(3))];
  const sometimes = (code: number, make: () => Uint8Array) => {
    if (random.below(2) === 0) options.push([code, make()]);
  };
  const text = () => {
    const bytes = filled();
    return Buffer.concat([u16(bytes.length), bytes]);
  };
  sometimes(8, () => u16(random.pick([0, 7, 9])));
  sometimes(6, () => u16(23, 24));
  sometimes(15, text);
  // Kea looks at the first vendor only, we at all of them.
  sometimes(16, () => Buffer.concat([u32(random.pick(ENTERPRISES)), text()]));
  sometimes(17, () => Buffer.concat([u32(random.pick(ENTERPRISES)), encodeOptions6([[33, filled()]])]));
  sometimes(41, filled);
  sometimes(61, () => u16(random.pick([0, 7, 9])));
  sometimes(59, filled);
  sometimes(1000, word);
  const relays = Array.from({ length: random.below(3) }, (_, hops) => ({
    type: MessageType6.RELAY_FORW,
    hops,
    link: random.pick(["2001:db8::1", "2001:db8::2"]),
    peer: linkLocal(hops === 0 ? who.mac : RELAY_MAC),
    options: random.below(2) === 0 ? ([[18, filled()]] satisfies Option[]) : [],
  }));
  const query = { mac: relays.length === 0 ? who.mac : RELAY_MAC, type: MessageType6.SOLICIT, options, relays };
  return [query, relays.length === 0 ? {} : { sourcePort: 547 }];
}

export const classes6: ClassFamily<Speech6> = {
  stage: stage6,
  handWritten: [
    "option[41].exists",
    "option[41].hex == 'a'",
    "option[new-posix-timezone].text == 'ab'",
    "option[1000].exists",
    "option[1000].hex == 0x00",
    "option[61].hex == 0x0007",
    "uint16totext(option[61].hex) == '7'",
    "uint16totext(option[8].hex) == '9'",
    "substring(option[1].hex,0,2) == 0x0003",
    "substring(option[1].hex,9,1) == 0x01",
    "option[3].option[5].exists",
    "substring(option[3].hex,3,1) == 0x01",
    "option[6].hex == 0x00170018",
    "option[59].text == 'abc'",
    "option[6].text == 'type=00006, len=00004: 23(uint16) 24(uint16)'",
    "option[8].text == 'type=00008, len=00002: 7 (uint16)'",
    "substring(option[3].text,0,35) == 'type=00003(IA_NA), len=00012: iaid=1'",
    "substring(option[16].text,0,30) == 'type=16, len=8,  enterprise id'",
    "substring(option[17].text,22,14) == ' 4491 (uint32)'",
    "substring(option[1000].text,0,22) == 'type=01000, len=00001:'",
    "substring(option[15].hex,2,all) == 'a'",
    "pkt6.msgtype == 1",
    "pkt6.msgtype == 12",
    "substring(pkt6.transid,3,1) == 0x07",
    "pkt.iface == 'eth0'",
    "pkt.dst == ff02::1:2",
    "substring(pkt.src,0,2) == 0xfe80",
    "addrtotext(pkt.src) == 'fe80::aa:ff:fe00:1'",
    "relay6[0].peeraddr == fe80::aa:ff:fe00:1",
    "relay6[-1].peeraddr == relay6[0].peeraddr",
    "relay6[0].linkaddr == 2001:db8::1",
    "relay6[-1].linkaddr == 2001:db8::2",
    "addrtotext(relay6[1].linkaddr) == '2001:db8::1'",
    "relay6[0].option[18].exists",
    "relay6[1].option[18].hex == 'a'",
    "relay6[-1].option[18].hex == 'b'",
    "relay6[-2].option[18].exists",
    "relay6[0].option[18].hex == relay6[-1].option[18].hex",
    "not relay6[0].option[18].exists and option[41].exists",
    "vendor[4491].exists",
    "vendor[*].exists",
    "vendor[311].option[33].exists",
    "vendor[4491].option[33].hex == 'a'",
    "vendor.enterprise == 4491",
    "vendor-class[4491].exists",
    "vendor-class.enterprise == 311",
    "vendor-class[4491].data[1] == ''",
    "member('ALL') and not member('c0')",
    "member('KNOWN') and option[41].exists",
    "member('UNKNOWN')",
    "member('VENDOR_CLASS_a')",
  ],
  parts: {
    words: [
      ...["option[41].hex", "option[41].text", "option[59].text", "option[1000].hex", "vendor[4491].option[33].hex"],
      ...["relay6[0].option[18].hex", "relay6[-1].option[18].hex"],
    ],
    values: [
      ...[1, 3, 6, 8, 15, 61, 200].map((code) => `option[${code}].hex`),
      ...["pkt.iface", "pkt.src", "pkt.dst", "pkt6.msgtype", "pkt6.transid"],
      ...["relay6[0].peeraddr", "relay6[-1].linkaddr", "relay6[1].peeraddr", "vendor-class[4491].data[1]"],
      ...["vendor.enterprise", "vendor-class.enterprise"],
    ],
    conditions: [
      ...[1, 8, 15, 41, 59, 61, 200, 1000].map((code) => `option[${code}].exists`),
      ...["relay6[0].option[18].exists", "relay6[-1].option[18].exists", "relay6[1].option[18].exists"],
      ...["vendor[*].exists", "vendor[4491].exists", "vendor-class[311].exists"],
      ...["member('KNOWN')", "member('UNKNOWN')"],
    ],
  },
  differing: [],
  config: {
    subnet6: [
      {
        ...LAN,
        reservations: Array.from({ length: KNOWN_CLIENTS }, (_, i) => ({
          duid: Buffer.from(client(i).duid).toString("hex"),
        })),
      },
    ],
  },
  makePacket,
};
