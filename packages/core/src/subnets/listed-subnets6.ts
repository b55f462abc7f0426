/** The subnets of a DHCPv6 configuration as their statistics are listed. */
import { countMembers } from "../ip/ipv6-range.ts";
import type { ListedSubnet, PoolKind } from "../stats/statistics.ts";
import type { Scope6 } from "./compile/compile-subnets6.ts";
import type { Pool6, Subnet6 } from "./subnet6.ts";

export function* listedSubnets6({ subnets }: Scope6): Generator<ListedSubnet> {
  for (const subnet of subnets.all()) yield new Listed6(subnet);
}

/** As that of DHCPv4. */
class Listed6 implements ListedSubnet {
  readonly id: number;
  readonly source: Subnet6;

  constructor(subnet: Subnet6) {
    this.id = subnet.id;
    this.source = subnet;
  }

  get pools(): ListedSubnet["pools"] {
    return [...listPools("pool", this.source.pools), ...listPools("pd-pool", this.source.pdPools)];
  }
}

function listPools(kind: PoolKind, pools: readonly Pool6[]): ListedSubnet["pools"] {
  return pools.map(({ id, range }) => ({ kind, id, size: countMembers(range) }));
}
