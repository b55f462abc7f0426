/** The subnets of a DHCPv6 configuration as their statistics are listed. */
import { countMembers } from "../ip/ipv6-range.ts";
import type { ListedSubnet, PoolKind } from "../stats/statistics.ts";
import type { Scope6 } from "./compile/compile-subnets6.ts";
import type { Pool6 } from "./subnet6.ts";

export function* listedSubnets6({ subnets }: Scope6): Generator<ListedSubnet> {
  const list = (kind: PoolKind, pools: readonly Pool6[]) =>
    pools.map(({ id, range }) => ({ kind, id, size: countMembers(range) }));
  for (const subnet of subnets.all()) {
    yield {
      id: subnet.id,
      source: subnet,
      get pools() {
        return [...list("pool", subnet.pools), ...list("pd-pool", subnet.pdPools)];
      },
    };
  }
}
