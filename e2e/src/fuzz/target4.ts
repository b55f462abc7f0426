/** DHCPv4 to be fuzzed: what phones, PXE ROMs, cable modems and relays send. */
import { hex, ip, text } from "@kotare/testkit/payloads";
import { client, discover, extend, inform, initReboot, query, relayed, release } from "../oracle/dhcp4/client.ts";
import { type Speech4, stage4 } from "../oracle/dhcp4/stage.ts";
import { MessageType4, type Option, optionOf, typeOf } from "../wire/message4.ts";
import type { Query4 } from "../wire/probe4.ts";
import type { FuzzTarget } from "./fuzz-target.ts";

const RICH: readonly Option[] = [
  [12, text("laptop")],
  [50, hex("0a000064")],
  [51, hex("00000e10")],
  [57, hex("05dc")],
  [60, text("PXEClient:Arch:00007:UNDI:003016")],
  [61, hex("ff11223344000100012b2b2b2b02aa00000099")],
  [77, hex("0469505845")],
  [81, hex("050000066c6170746f7003636f6d00")],
  [93, hex("0007")],
  [94, hex("010310")],
  [97, hex("0001020304050607080910111213141516")],
  [118, hex("0a000000")],
  [124, hex("0000118b0403616263")],
  [125, hex("0000118b0401020203")],
  [43, hex("0104010203040201ff")],
  [90, hex("010100 0000000000000001 00000007 000102030405060708090a0b0c0d0e0f")],
  [145, hex("01")],
];

const AGENT: readonly Option[] = [
  [1, text("port")],
  [2, text("switch")],
  [5, hex("0a000000")],
  [11, hex("0a000001")],
  [19, hex("0000")],
];

const who = client(1);
const direct: readonly Query4[] = [
  discover(who, { options: RICH }),
  initReboot(who, "10.0.0.100", { options: RICH }),
  extend(who, "10.0.0.100", { options: RICH }),
  inform(who, "10.0.0.230", { options: RICH }),
  release(who, "10.0.0.100"),
  query(who, MessageType4.DECLINE, [[50, hex("0a000064")]]),
  query(who, MessageType4.REQUEST, [
    [50, hex("0a000064")],
    [54, hex("0a000001")],
  ]),
];

const OTHER_MAC = "02:dd:00:00:00:01";

export const target4: FuzzTarget<Speech4> = {
  stage: stage4,
  config: {
    subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.250" }] }],
    "valid-lifetime": 60,
  },
  corpus: [
    ...direct.map((each) => [each] as const),
    ...direct.map((each) => relayed(each, { giaddr: "10.0.0.2", agent: AGENT })),
  ],
  header: 240,
  async getServed(insist) {
    const ask = (type: number, answer: number, ...options: Option[]) =>
      insist({ mac: OTHER_MAC, options: [[53, Uint8Array.of(type)], ...options] }, (each) => typeOf(each) === answer);
    const offer = await ask(MessageType4.DISCOVER, MessageType4.OFFER);
    const server: Option = [54, optionOf(offer, 54) ?? new Uint8Array(4)];
    await ask(MessageType4.REQUEST, MessageType4.ACK, [50, ip(offer.yiaddr)], server);
  },
};
