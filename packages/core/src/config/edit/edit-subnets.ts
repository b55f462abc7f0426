/** A configuration with a subnet more, less, changed or elsewhere. What an edit does not concern stays the same object. */
import type { ConfigTree, TreeTypes } from "./config-tree.ts";

export interface FoundSubnet<T extends TreeTypes> {
  readonly subnet: T["subnet"];
  /** The shared network that it stands in. */
  readonly network: T["network"] | undefined;
}

export function* listSubnets<T extends TreeTypes>(tree: ConfigTree<T>, config: T["config"]): Generator<FoundSubnet<T>> {
  for (const subnet of tree.subnetsOf(config)) yield { subnet, network: undefined };
  for (const network of tree.networksOf(config))
    for (const subnet of tree.subnetsOf(network)) yield { subnet, network };
}

export function findSubnet<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  isMeant: (subnet: T["subnet"]) => boolean,
): FoundSubnet<T> | undefined {
  for (const found of listSubnets(tree, config)) if (isMeant(found.subnet)) return found;
  return undefined;
}

export function findNetwork<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  name: string,
): T["network"] | undefined {
  return tree.networksOf(config).find((network) => network.name === name);
}

/** @param network that it is to stand in */
export function addSubnet<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  { subnet, network }: FoundSubnet<T>,
): T["config"] {
  return changeSubnets(tree, config, network, (subnets) => [...subnets, subnet]);
}

export function replaceSubnet<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  former: FoundSubnet<T>,
  subnet: T["subnet"],
): T["config"] {
  return changeSubnets(tree, config, former.network, (subnets) =>
    subnets.map((each) => (each === former.subnet ? subnet : each)),
  );
}

export function removeSubnet<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  { subnet, network }: FoundSubnet<T>,
): T["config"] {
  return changeSubnets(tree, config, network, (subnets) => subnets.filter((each) => each !== subnet));
}

function changeSubnets<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  network: T["network"] | undefined,
  change: (subnets: readonly T["subnet"][]) => readonly T["subnet"][],
): T["config"] {
  if (network === undefined) return tree.withSubnets(config, change(tree.subnetsOf(config)));
  const changed = tree.withSubnets(network, change(tree.subnetsOf(network)));
  const networks = tree.networksOf(config).map((each) => (each === network ? changed : each));
  return tree.withNetworks(config, networks);
}
