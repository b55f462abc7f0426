/**
 * Values by IPv4 prefix: where several contain an address, the one added first counts. Nothing is made for a value: whatever
 * outlives a change of one of ten thousand subnets is copied by the garbage collector while packets wait.
 */
import { type Ipv4, type Ipv4Prefix, netmask } from "../../ip/ipv4.ts";

export class PrefixIndex4<T> {
  /** One map a prefix length in use, from network address to the value. */
  readonly #byLength: Length<T>[] = [];
  readonly #turnOf: (value: T) => number;

  /** @param turnOf a number that grows from one value that is added to the next */
  constructor(turnOf: (value: T) => number) {
    this.#turnOf = turnOf;
  }

  add(prefix: Ipv4Prefix, value: T): void {
    const mask = netmask(prefix.length);
    const known = this.#byLength.find((candidate) => candidate.mask === mask);
    const { entries } = known ?? this.#addLength(mask);
    if (!entries.has(prefix.address)) entries.set(prefix.address, value);
  }

  #addLength(mask: number): Length<T> {
    const length = { mask, entries: new Map<Ipv4, T>() };
    this.#byLength.push(length);
    return length;
  }

  /** The value of just this prefix. */
  get({ address, length }: Ipv4Prefix): T | undefined {
    const mask = netmask(length);
    return this.#byLength.find((candidate) => candidate.mask === mask)?.entries.get((address & mask) >>> 0);
  }

  /** @param accepts which values count */
  find(address: Ipv4, accepts: (value: T) => boolean = () => true): T | undefined {
    let best: T | undefined;
    for (const { mask, entries } of this.#byLength) {
      const value = entries.get((address & mask) >>> 0);
      if (value === undefined || (best !== undefined && this.#turnOf(best) < this.#turnOf(value))) continue;
      if (accepts(value)) best = value;
    }
    return best;
  }
}

interface Length<T> {
  readonly mask: number;
  readonly entries: Map<Ipv4, T>;
}
