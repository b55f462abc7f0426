/** The subnets of a DHCPv4 configuration as their statistics are listed. */
import type { ListedSubnet } from "../stats/statistics.ts";
import type { Scope4 } from "./compile/compile-subnets4.ts";
import type { Subnet4 } from "./subnet4.ts";

export function* listedSubnets4({ subnets }: Scope4): Generator<ListedSubnet> {
  for (const subnet of subnets.all()) yield new Listed4(subnet);
}

/** Of most of ten thousand subnets nobody asks for the pools. */
class Listed4 implements ListedSubnet {
  readonly id: number;
  readonly source: Subnet4;

  constructor(subnet: Subnet4) {
    this.id = subnet.id;
    this.source = subnet;
  }

  get pools(): ListedSubnet["pools"] {
    return this.source.pools.map(({ id, first, last }) => ({ kind: "pool", id, size: BigInt(last - first + 1) }));
  }
}
