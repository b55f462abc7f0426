/** DHCPv6's clients: each has an address and a prefix. */
import { formatIpv6 } from "../../wire/ipv6-text.ts";
import { decodeOptions6, type Message6 } from "../../wire/message6.ts";
import * as six from "../dhcp6/client.ts";
import { LAN } from "../dhcp6/lan.ts";
import { bind } from "../dhcp6/play.ts";
import { type Speech6, stage6 } from "../dhcp6/stage.ts";
import type { Leases, Player } from "./player.ts";

const POOLS = [
  { pool: "2001:db8::10 - 2001:db8::fff", "pool-id": 3 },
  { pool: "2001:db8::1000 - 2001:db8::1fff", "pool-id": 2 },
];

/** What an answer gives. */
export function leasesIn(answer: Message6): Leases {
  return six
    .held(answer)
    .flatMap(([, ia]) =>
      decodeOptions6(ia.subarray(12)).map(([code, value]) =>
        code === 5 ? formatIpv6(value.subarray(0, 16)) : `${formatIpv6(value.subarray(9, 25))}/${value[8]}`,
      ),
    );
}

function asIas(leases: Leases) {
  return leases.map((lease) => (lease.includes("/") ? six.pd(2, lease) : six.na(1, lease)));
}

export const player6: Player<Speech6> = {
  stage: stage6,
  config: { subnet6: [{ ...LAN, pools: POOLS }] },
  ownerOf: (who) =>
    Buffer.from(six.client(who).duid)
      .toString("hex")
      .replace(/..(?!$)/g, "$&:"),
  async bind(script, who) {
    return leasesIn(await bind(script, six.client(who), [six.na(1), six.pd(2)]));
  },
  async renew(script, who, leases) {
    return leasesIn(await script.ask("RENEW", six.renew(six.client(who), asIas(leases))));
  },
  async release(script, who, leases) {
    await script.ask("RELEASE", six.release(six.client(who), asIas(leases)));
  },
  async decline(script, who, leases) {
    const addresses = leases.filter((lease) => !lease.includes("/"));
    await script.ask("DECLINE", six.decline(six.client(who), asIas(addresses)));
    return addresses;
  },
};
