/** The subnets of a configuration in Kea's order: of several that fit a client, the one with the lowest id is the client's. */
import type { Dhcp4Config, SharedNetwork4Config, Subnet4Config } from "./dhcp4-config.ts";
import type { Dhcp6Config, SharedNetwork6Config, Subnet6Config } from "./dhcp6-config.ts";

export interface Ordered<Subnet, Network> {
  readonly subnet: Subnet;
  /** The shared network that it stands in. */
  readonly network: Network | undefined;
}

export function orderSubnets4(config: Dhcp4Config): Iterable<Ordered<Subnet4Config, SharedNetwork4Config>> {
  return order(config.subnet4, config["shared-networks"], ({ subnet4 }) => subnet4);
}

export function orderSubnets6(config: Dhcp6Config): Iterable<Ordered<Subnet6Config, SharedNetwork6Config>> {
  return order(config.subnet6, config["shared-networks"], ({ subnet6 }) => subnet6);
}

function* order<Subnet extends { readonly id: number }, Network>(
  alone: readonly Subnet[],
  networks: readonly Network[],
  subnetsOf: (network: Network) => readonly Subnet[],
): Generator<Ordered<Subnet, Network>, void> {
  const inNetworks = networks.flatMap((network) => subnetsOf(network).map((subnet) => ({ subnet, network })));
  inNetworks.sort((a, b) => a.subnet.id - b.subnet.id);
  let at = 0;
  // Of ten thousand subnets one is made at a time.
  for (const subnet of inOrder(alone)) {
    while (at < inNetworks.length && inNetworks[at]!.subnet.id < subnet.id) yield inNetworks[at++]!;
    yield { subnet, network: undefined };
  }
  yield* inNetworks.slice(at);
}

function inOrder<Subnet extends { readonly id: number }>(subnets: readonly Subnet[]): readonly Subnet[] {
  const isSorted = subnets.every(({ id }, i) => i === 0 || subnets[i - 1]!.id <= id);
  return isSorted ? subnets : [...subnets].sort((a, b) => a.id - b.id);
}
