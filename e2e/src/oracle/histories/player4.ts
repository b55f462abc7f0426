/** DHCPv4's clients. */
import * as four from "../dhcp4/client.ts";
import { LAN } from "../dhcp4/lan.ts";
import { bind } from "../dhcp4/play.ts";
import { type Speech4, stage4 } from "../dhcp4/stage.ts";
import type { Leases, Player } from "./player.ts";

/** Given back, it is given to nobody else for a while. */
const POOLS = [
  { pool: "10.0.0.10 - 10.0.0.29", "pool-id": 1 },
  { pool: "10.0.0.30 - 10.0.0.199", "pool-id": 2 },
];

export const player4: Player<Speech4> = {
  stage: stage4,
  config: { subnet4: [{ ...LAN, pools: POOLS }] },
  ownerOf: (who) => four.client(who).mac,
  async bind(script, who) {
    return [(await bind(script, four.client(who))).yiaddr];
  },
  async renew(script, who, [address]) {
    const ack = await script.ask("RENEW", four.extend(four.client(who), address!), four.unicast(address!));
    return [ack.yiaddr];
  },
  release: (script, who, [address]) =>
    script.tell("RELEASE", four.release(four.client(who), address!), four.unicast(address!)),
  async decline(script, who, leases): Promise<Leases> {
    await script.tell("DECLINE", four.decline(four.client(who), leases[0]!));
    return leases;
  },
};
