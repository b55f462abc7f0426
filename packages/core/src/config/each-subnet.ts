/** The subnets of a configuration as they stand in it, alone or in a shared network. */
import type { Dhcp4Config, Subnet4Config } from "./dhcp4-config.ts";
import type { Dhcp6Config, Subnet6Config } from "./dhcp6-config.ts";

export type DhcpSubnets =
  | Pick<Dhcp4Config, "subnet4" | "shared-networks">
  | Pick<Dhcp6Config, "subnet6" | "shared-networks">;

export function countSubnets(config: DhcpSubnets): number {
  const total = (lists: readonly { readonly length: number }[]) => lists.reduce((sum, { length }) => sum + length, 0);
  return "subnet4" in config
    ? total([config.subnet4, ...config["shared-networks"].map(({ subnet4 }) => subnet4)])
    : total([config.subnet6, ...config["shared-networks"].map(({ subnet6 }) => subnet6)]);
}

export function* eachSubnet(config: DhcpSubnets): Generator<Subnet4Config | Subnet6Config> {
  if ("subnet4" in config) {
    yield* config.subnet4;
    for (const { subnet4 } of config["shared-networks"]) yield* subnet4;
  } else {
    yield* config.subnet6;
    for (const { subnet6 } of config["shared-networks"]) yield* subnet6;
  }
}
