/** The subnets of a configuration in Kea's order: of several that fit a client, the one with the lowest id is the client's. */
import type { Dhcp4Config, SharedNetwork4Config, Subnet4Config } from "./dhcp4-config.ts";
import type { Dhcp6Config, SharedNetwork6Config, Subnet6Config } from "./dhcp6-config.ts";

export interface Ordered<Subnet, Network> {
  readonly subnet: Subnet;
  /** The shared network that it stands in. */
  readonly network: Network | undefined;
}

export function orderSubnets4(config: Dhcp4Config): readonly Ordered<Subnet4Config, SharedNetwork4Config>[] {
  return order(config.subnet4, config["shared-networks"], ({ subnet4 }) => subnet4);
}

export function orderSubnets6(config: Dhcp6Config): readonly Ordered<Subnet6Config, SharedNetwork6Config>[] {
  return order(config.subnet6, config["shared-networks"], ({ subnet6 }) => subnet6);
}

function order<Subnet extends { readonly id: number }, Network>(
  alone: readonly Subnet[],
  networks: readonly Network[],
  subnetsOf: (network: Network) => readonly Subnet[],
): Ordered<Subnet, Network>[] {
  const inNetworks = networks.flatMap((network) => subnetsOf(network).map((subnet) => ({ subnet, network })));
  const all = [...alone.map((subnet) => ({ subnet, network: undefined })), ...inNetworks];
  return all.sort((a, b) => a.subnet.id - b.subnet.id);
}
