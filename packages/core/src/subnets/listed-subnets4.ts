/** The subnets of a DHCPv4 configuration as their statistics are listed. */
import type { ListedSubnet } from "../stats/statistics.ts";
import type { Scope4 } from "./compile/compile-subnets4.ts";

export function* listedSubnets4({ subnets }: Scope4): Generator<ListedSubnet> {
  for (const subnet of subnets.all()) {
    yield {
      id: subnet.id,
      source: subnet,
      get pools() {
        return subnet.pools.map(
          ({ id, first, last }) => ({ kind: "pool", id, size: BigInt(last - first + 1) }) as const,
        );
      },
    };
  }
}
