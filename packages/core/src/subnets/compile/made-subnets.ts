/** The subnets that have been compiled: after a change of a few, only these are compiled again. */
import type { Ordered } from "../../config/order-subnets.ts";

interface Network<Compiled> {
  readonly name: string;
  /** In the order of the configuration. */
  readonly subnets: Compiled[];
}

/** What became of one; `subnet` is what the packet path looks at. */
interface Made<Compiled> {
  readonly subnet: Compiled;
}

/**
 * Configurations never change: what is the same object says the same.
 * @typeParam M also has what the subnet adds to the whole
 */
export class MadeSubnets<Subnet, NetworkConfig extends { readonly name: string }, Compiled, M extends Made<Compiled>> {
  #made: ReadonlyMap<Subnet, { readonly in: NetworkConfig | undefined; readonly made: M }> = new Map();
  #networks: ReadonlyMap<NetworkConfig, Network<Compiled>> = new Map();

  /**
   * In steps of a subnet at most. A subnet is the same as before where its shared network is.
   * @param make one that is not
   * @returns all, in the order given; others are forgotten
   */
  *make(
    ordered: readonly Ordered<Subnet, NetworkConfig>[],
    make: (
      subnet: Subnet,
      network: NetworkConfig | undefined,
      compiled: Network<Compiled> | undefined,
    ) => Generator<void, M>,
  ): Generator<void, readonly M[]> {
    const all: M[] = [];
    const kept = new Map<Subnet, { readonly in: NetworkConfig | undefined; readonly made: M }>();
    const networks = new Map<NetworkConfig, Network<Compiled>>();
    for (const { subnet, network } of ordered) {
      const known = this.#made.get(subnet);
      const compiled = network && (networks.get(network) ?? this.#networks.get(network) ?? newNetwork(network));
      if (network !== undefined) networks.set(network, compiled!);
      const made = known !== undefined && known.in === network ? known.made : yield* make(subnet, network, compiled);
      if (made !== known?.made) compiled?.subnets.push(made.subnet);
      kept.set(subnet, { in: network, made });
      all.push(made);
      yield;
    }
    this.#made = kept;
    this.#networks = networks;
    return all;
  }
}

function newNetwork<Compiled>({ name }: { readonly name: string }): Network<Compiled> {
  return { name, subnets: [] };
}

/** Whether two configurations differ in their subnets and shared networks only. */
export function differInSubnetsOnly(a: object, b: object): boolean {
  const [before, after] = [a, b] as readonly Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (key) => SUBNETS.has(key) || before![key] === after![key],
  );
}

const SUBNETS: ReadonlySet<string> = new Set(["subnet4", "subnet6", "shared-networks"]);
