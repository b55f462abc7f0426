/** Values by IPv6 prefix: where several contain an address, the one added first counts. Nothing is made for a value, as in `PrefixIndex4`. */
import { type Ipv6Key, maskIpv6Key } from "../../ip/ipv6-key.ts";

export class PrefixIndex6<T> {
  /** One map a prefix length in use, from the prefix's first address to the value. */
  readonly #byLength = new Map<number, Map<Ipv6Key, T>>();
  readonly #turnOf: (value: T) => number;

  /** @param turnOf as in `PrefixIndex4` */
  constructor(turnOf: (value: T) => number) {
    this.#turnOf = turnOf;
  }

  /** @param prefix its first address */
  add(prefix: Ipv6Key, length: number, value: T): void {
    const entries = this.#byLength.get(length) ?? new Map<Ipv6Key, T>();
    this.#byLength.set(length, entries);
    if (!entries.has(prefix)) entries.set(prefix, value);
  }

  /** The value of just this prefix. @param prefix its first address */
  get(prefix: Ipv6Key, length: number): T | undefined {
    return this.#byLength.get(length)?.get(prefix);
  }

  /** @param accepts which values count */
  find(address: Ipv6Key, accepts: (value: T) => boolean = () => true): T | undefined {
    let best: T | undefined;
    for (const [length, entries] of this.#byLength) {
      const value = entries.get(maskIpv6Key(address, length));
      if (value === undefined || (best !== undefined && this.#turnOf(best) < this.#turnOf(value))) continue;
      if (accepts(value)) best = value;
    }
    return best;
  }
}
