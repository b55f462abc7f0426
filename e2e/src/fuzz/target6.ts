/** DHCPv6 to be fuzzed: what clients, cable modems, home routers and relays send. */
import { hex, text, u16 } from "@kotare/testkit/payloads";
import {
  client,
  confirm,
  decline,
  held,
  inform,
  na,
  pd,
  type Query,
  rebind,
  relayed,
  release,
  renew,
  request,
  solicit,
} from "../oracle/dhcp6/client.ts";
import { LAN } from "../oracle/dhcp6/lan.ts";
import { type Speech6, stage6 } from "../oracle/dhcp6/stage.ts";
import type { Option } from "../wire/message4.ts";
import { MessageType6 } from "../wire/message6.ts";
import type { FuzzTarget } from "./fuzz-target.ts";

const RICH: readonly Option[] = [
  [14, hex("")],
  [15, hex("0003504345 0002ffff")],
  [16, hex("0000118b 0003616263")],
  [17, hex("0000118b 0001 0004 00200021 0024 0006 0200000000aa")],
  [20, hex("")],
  [39, hex("01 066c6170746f70 03636f6d 00")],
  [59, text("http://[2001:db8::1]/boot")],
  [61, u16(7, 16)],
  [62, hex("010310")],
];

const RELAY_OPTIONS: readonly Option[] = [
  [18, text("port3")],
  [37, hex("00000009 02000000000b")],
  [38, text("subscriber")],
  [53, hex("00030001 0200000000aa")],
  [66, hex("0041 0005 0365727000 0017 0010 20010db8000000000000000000000009")],
  [79, hex("0001 02000000000a")],
  [135, hex("0000")],
];

const who = client(1);
const address = na(1, { lease: "2001:db8::100", preferred: 3000, valid: 4000 });
const prefix = pd(2, "2001:db8:8000:100::/56");
const extra = { options: RICH };
const direct: readonly Query[] = [
  solicit(who, [address, pd(2, "::/56"), pd(3)], extra),
  request(who, [address, prefix], extra),
  confirm(who, [address], extra),
  renew(who, [address, na(5, "2001:db8::99"), prefix], extra),
  rebind(who, [address, pd(9, "2001:db8:ffff::/128")], extra),
  release(who, [address, prefix]),
  decline(who, [address, prefix]),
  inform(who, extra),
];

const NEAR = { link: "2001:db8::2", options: RELAY_OPTIONS };
const FAR = { link: "::", options: RELAY_OPTIONS.slice(0, 1) };

export const target6: FuzzTarget<Speech6> = {
  stage: stage6,
  config: {
    subnet6: [{ ...LAN, "rapid-commit": true }],
    "preferred-lifetime": 40,
    "valid-lifetime": 60,
    "mac-sources": ["any"],
  },
  corpus: [
    ...direct.map((each) => [each] as const),
    ...direct.map((each) => relayed(each, NEAR)),
    ...direct.map((each) => relayed(each, NEAR, FAR)),
  ],
  header: 4,
  async getServed(insist) {
    const other = client(200);
    const advertise = await insist(solicit(other, [na(7), pd(8)]), ({ type }) => type === MessageType6.ADVERTISE);
    await insist(request(other, held(advertise)), ({ type }) => type === MessageType6.REPLY);
  },
};
