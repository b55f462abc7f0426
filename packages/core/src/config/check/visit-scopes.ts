/** All shared networks and subnets of a configuration, each with its place. */
import type { Pointer } from "../fault.ts";

type SubnetKey = "subnet4" | "subnet6";
type WithSubnets<Key extends SubnetKey, Subnets> = { readonly [K in Key]: Subnets };

interface Visitor<Network, Subnet> {
  network(network: Network, pointer: Pointer): void;
  /** @param network that the subnet is in */
  subnet(subnet: Subnet, network: Network | undefined, pointer: Pointer): void;
}

export function visitScopes<
  Key extends SubnetKey,
  Config extends WithSubnets<Key, readonly unknown[]> & {
    readonly "shared-networks": readonly WithSubnets<Key, Config[Key]>[];
  },
>(
  config: Config,
  key: Key,
  root: Pointer,
  visitor: Visitor<Config["shared-networks"][number], Config[Key][number]>,
): void {
  config[key].forEach((subnet, i) => {
    visitor.subnet(subnet, undefined, [...root, key, i]);
  });
  config["shared-networks"].forEach((network, i) => {
    const pointer = [...root, "shared-networks", i];
    visitor.network(network, pointer);
    network[key].forEach((subnet, j) => {
      visitor.subnet(subnet, network, [...pointer, key, j]);
    });
  });
}
