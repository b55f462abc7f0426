/** The subnets that have been compiled: after a change of a few, only these are compiled again. */
import type { Ordered } from "../../config/order-subnets.ts";

/** Of subnets that cost next to nothing, so many go between two chances for other work. */
const SLICE = 100;

interface Network<Compiled> {
  readonly name: string;
  /** In the order of the configuration. */
  readonly subnets: Compiled[];
}

/** What became of one; `subnet` is what the packet path looks at. */
interface Made<Compiled> {
  readonly subnet: Compiled;
}

interface Kept<NetworkConfig, M> {
  /** Where it stood. */
  readonly network: NetworkConfig | undefined;
  readonly made: M;
  /** In which it was wanted last. */
  round: number;
}

/**
 * Configurations never change: what is the same object says the same.
 * @typeParam M also has what the subnet adds to the whole
 */
export class MadeSubnets<Subnet, NetworkConfig extends { readonly name: string }, Compiled, M extends Made<Compiled>> {
  /** Changed in place: another one for each change of a subnet would be half a megabyte that outlives it. */
  #kept = new Map<Subnet, Kept<NetworkConfig, M>>();
  #round = 0;
  #networks: ReadonlyMap<NetworkConfig, Network<Compiled>> = new Map();

  /**
   * In steps of a subnet at most. A subnet is the same as before where its shared network is.
   * @param make one that is not
   * @param take is given all, in their order; others are forgotten
   */
  *make(
    ordered: Iterable<Ordered<Subnet, NetworkConfig>>,
    make: (
      subnet: Subnet,
      network: NetworkConfig | undefined,
      compiled: Network<Compiled> | undefined,
    ) => Generator<void, M>,
    take: (made: M) => void,
  ): Generator<void> {
    const round = ++this.#round;
    let count = 0;
    /** None is kept before all are made. */
    const news = new Map<Subnet, Kept<NetworkConfig, M>>();
    const networks = new Map<NetworkConfig, Network<Compiled>>();
    for (const { subnet, network } of ordered) {
      const compiled = network && (networks.get(network) ?? this.#networks.get(network) ?? newNetwork(network));
      if (network !== undefined) networks.set(network, compiled!);
      let entry = this.#kept.get(subnet);
      if (entry === undefined || entry.network !== network) {
        entry = { network, made: yield* make(subnet, network, compiled), round };
        news.set(subnet, entry);
        compiled?.subnets.push(entry.made.subnet);
        yield;
      }
      entry.round = round;
      take(entry.made);
      if (++count % SLICE === 0) yield;
    }
    if (this.#kept.size === 0) this.#kept = news;
    else for (const [subnet, entry] of news) this.#kept.set(subnet, entry);
    if (this.#kept.size > count) {
      for (const [subnet, entry] of this.#kept) if (entry.round !== round) this.#kept.delete(subnet);
    }
    this.#networks = networks;
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
