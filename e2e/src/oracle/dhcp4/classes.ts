/** Classes of DHCPv4: what expressions ask of a packet, and DISCOVERs in which some have it and others have not. */
import { ip } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import type { Query4, Route4 } from "../../wire/probe4.ts";
import { vocabulary } from "../classes/generator.ts";
import type { Random } from "../classes/random.ts";
import type { ClassFamily } from "../classes/suite.ts";
import { SERVER } from "./lan.ts";
import { type Speech4, stage4 } from "./stage.ts";

/** Clients with reservations, so that they are KNOWN, have the numbers below this. */
const KNOWN_CLIENTS = 4;

function macOfClient(number: number): string {
  return `02:00:00:01:00:${number.toString(16).padStart(2, "0")}`;
}

const ENTERPRISES = [4491, 311];

function makePacket(random: Random): readonly [Query4, Route4] {
  const word = () => Buffer.from(random.pick(vocabulary), "latin1");
  const options: Option[] = [[53, Uint8Array.of(1)]];
  const sometimes = (code: number, make: () => Uint8Array) => {
    if (random.below(2) === 0) options.push([code, make()]);
  };
  const filled = () => Buffer.concat([word(), Buffer.from(random.pick(["a", "b", "1"]))]);
  const client = random.below(16);
  sometimes(60, () => random.pick([word, filled])());
  sometimes(12, filled);
  sometimes(77, word);
  sometimes(254, word);
  sometimes(50, () => ip("10.0.0.77"));
  sometimes(51, () => Uint8Array.of(0, 0, 14, 16));
  sometimes(55, () => Uint8Array.of(1, 3, 6, 15));
  sometimes(57, () => random.pick([Uint8Array.of(5, 220), Uint8Array.of(255, 255)]));
  sometimes(61, () => Uint8Array.of(1, 2, 0, 0, 1, 0, random.below(3)));
  sometimes(93, () => Uint8Array.of(0, random.pick([0, 7, 9])));
  sometimes(124, () => {
    const text = filled();
    return vendor(random, Buffer.from([text.length, ...text]));
  });
  // What Kea has a definition for must fit it: 4491's option 2 is a list of addresses.
  sometimes(125, () => vendor(random, random.pick([subOption(1, filled()), subOption(2, ip("10.0.0.77"))])));
  const isRelayed = random.below(2) === 0;
  if (isRelayed) {
    options.push([82, Buffer.concat([subOption(1, filled()), subOption(2, random.pick([filled(), macOf(client)]))])]);
  }
  const query = { mac: macOfClient(client), options, ...(isRelayed ? { giaddr: "10.0.0.1", hops: 1 } : {}) };
  return [query, isRelayed ? { source: "10.0.0.2", destination: SERVER.address, destinationMac: SERVER.mac } : {}];
}

function subOption(code: number, data: Uint8Array): Uint8Array {
  return Buffer.from([code, data.length, ...data]);
}

function macOf(client: number): Uint8Array {
  return Buffer.from(macOfClient(client).replaceAll(":", ""), "hex");
}

/** One vendor's part: Kea looks at the first vendor only, we at all of them. */
function vendor(random: Random, inside: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(random.pick(ENTERPRISES));
  head[4] = inside.length;
  return Buffer.concat([head, inside]);
}

const WORDS = [12, 60, 77, 254].map((code) => `option[${code}].hex`);

export const classes4: ClassFamily<Speech4> = {
  stage: stage4,
  handWritten: [
    "option[60].exists",
    "option[60].hex == 'PXEClient:Arch:00007'",
    "option[60].text == 'a'",
    "substring(option[60].hex,0,9) == 'PXEClient'",
    "substring(option[60].hex,-1,1) == 'a'",
    "substring(option[60].hex,-1,-2) == 'ab'",
    "substring(option[60].hex,2,all) == 'c'",
    "substring(option[60].hex,9,1) == ''",
    "option[vendor-class-identifier].hex == 'b'",
    "option[12].hex == option[60].hex",
    "concat(option[12].hex,option[60].hex) == 'ab'",
    "option[12].hex + '-' + option[60].hex == 'a-b'",
    "lcase(option[12].text) == 'abc'",
    "ucase(option[12].text) == 'ABC'",
    "split(option[12].hex,'.-',2) == 'b'",
    "split(option[12].hex,'.',0) == ''",
    "split(option[12].hex,'',1) == 'a'",
    "hexstring(option[61].hex,':') == '01:02:00:00:01:00:01'",
    "hexstring(pkt4.mac,'') == '020000010001'",
    "ifelse(option[12].exists,option[12].hex,'none') == 'none'",
    "option[93].hex == 0x0007",
    "uint16totext(option[93].hex) == '7'",
    "uint8totext(option[93].hex) == '7'",
    "int16totext(option[57].hex) == '-1'",
    "uint32totext(option[51].hex) == '3600'",
    "int32totext(pkt4.transid) == '1'",
    "addrtotext(option[50].hex) == '10.0.0.77'",
    "addrtotext(pkt.src) == '0.0.0.0'",
    "addrtotext(option[12].hex) == ''",
    "pkt4.giaddr == 10.0.0.1",
    "pkt4.giaddr == 0.0.0.0",
    "pkt4.ciaddr == 0.0.0.0",
    "pkt4.yiaddr == 0.0.0.0 and pkt4.siaddr == 0.0.0.0",
    "pkt4.htype == 1",
    "pkt4.hlen == 6",
    "pkt4.msgtype == 1",
    "substring(pkt4.mac,0,4) == 0x02000001",
    "substring(pkt4.transid,3,1) == 0x07",
    "pkt.iface == 'eth0'",
    "pkt.dst == 255.255.255.255",
    "substring(pkt.len,0,2) == 0x0000",
    "relay4[1].exists",
    "relay4[1].hex == 'a'",
    "relay4[2].hex == pkt4.mac",
    "option[82].option[1].hex == 'port'",
    "option[82].option[2].exists",
    "option[82].exists and not option[82].option[1].exists",
    "option[125].option[1].exists",
    "vendor[4491].exists",
    "vendor[*].exists",
    "vendor.enterprise == 4491",
    "vendor.enterprise == 0x00000137",
    "vendor[4491].option[1].exists",
    "vendor[4491].option[2].hex == 10.0.0.77",
    "vendor[*].option[1].hex == 'b'",
    "vendor-class[4491].exists",
    "vendor-class[*].exists",
    "vendor-class.enterprise == 311",
    "vendor-class[4491].data[1] == 'b'",
    "member('c0')",
    "not member('c0')",
    "member('ALL') and member('VENDOR_CLASS_a')",
    "member('KNOWN')",
    "member('KNOWN') and option[60].exists",
    "member('UNKNOWN')",
    "not (member('KNOWN') or member('c4'))",
    "option[1].exists or option[12].exists and option[60].exists",
    "not option[12].exists and option[60].exists",
    "not not option[12].exists",
    "(option[12].hex == 'a' or option[12].hex == 'b') and option[60].exists",
    "'a' == 'a'",
    "0x61 == 'a'",
    "0xabc == 0x0abc",
    "1 == 0x00000001",
    "option[12].text == option[12].hex",
    "option[12].text == ''",
    "option[50].text == 'type=050, len=004: 10.0.0.77 (ipv4-address)'",
    "option[55].text == 'type=055, len=004: 1(uint8) 3(uint8) 6(uint8) 15(uint8)'",
    "option[57].text == 'type=057, len=002: 1500 (uint16)'",
    "split(option[93].text,':',2) == ' 7(uint16)'",
    "substring(option[82].text,17,all) == ':'",
    "substring(option[125].text,19,18) == ' 4491 (uint32) 6 ('",
    "substring(option[124].text,0,35) == 'type=124, len=6,  enterprise id=0x137'",
    "option[77].hex == 'abc'",
    "option[254].hex == 0x00",
    "option[254].exists",
    "option[43].exists",
    "option[43].hex == 0x010161",
    "option[55].hex == 0x0103060f",
    "substring(option[55].hex,1,1) == 0x03",
  ],
  parts: {
    words: [...WORDS, "option[12].text", "option[60].text", "relay4[1].hex", "vendor[4491].option[1].hex"],
    values: [
      ...[50, 51, 55, 57, 61, 93, 200].map((code) => `option[${code}].hex`),
      ...["pkt.iface", "pkt.src", "pkt4.mac", "pkt4.giaddr", "pkt4.hlen", "pkt4.transid"],
      ...["relay4[2].hex", "vendor[4491].option[2].hex", "vendor-class[4491].data[1]"],
      ...["vendor.enterprise", "vendor-class.enterprise"],
    ],
    conditions: [
      ...[12, 50, 60, 61, 77, 93, 200].map((code) => `option[${code}].exists`),
      ...["relay4[1].exists", "relay4[2].exists", "vendor[*].exists", "vendor[4491].exists", "vendor[311].exists"],
      ...["member('KNOWN')", "member('UNKNOWN')"],
    ],
  },
  differing: [
    ["pkt.len == 0x0000012c", "The message's length as it came. Kea counts the options again and leaves padding out."],
    [
      "substring(vendor-class[4491].data,0,1) == 'a'",
      "As the manual has it the data are the text. Kea 2.6.3 leaves its length in front of it.",
    ],
    [
      "option[12].exists or uint8totext(option[60].hex) == '1'",
      "What stands behind an `or` that is true is not looked at, as in Kea from 2.7.2 on; before, an error there counts.",
    ],
  ],
  config: {
    subnet4: [
      {
        id: 1,
        subnet: "10.0.0.0/24",
        pools: [{ pool: "10.0.0.10 - 10.0.0.199" }],
        reservations: Array.from({ length: KNOWN_CLIENTS }, (_, i) => ({ "hw-address": macOfClient(i) })),
      },
    ],
  },
  makePacket,
};
