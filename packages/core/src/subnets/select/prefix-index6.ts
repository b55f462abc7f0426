/** Values by IPv6 prefix: where several contain an address, the one added first counts. */
import { type Ipv6Key, maskIpv6Key } from "../../ip/ipv6-key.ts";

export class PrefixIndex6<T> {
  /** One map a prefix length in use, from the prefix's first address to the value and its turn. */
  readonly #byLength = new Map<number, Map<Ipv6Key, Entry<T>>>();
  #size = 0;

  /** @param prefix its first address */
  add(prefix: Ipv6Key, length: number, value: T): void {
    const entries = this.#byLength.get(length) ?? new Map<Ipv6Key, Entry<T>>();
    this.#byLength.set(length, entries);
    if (!entries.has(prefix)) entries.set(prefix, { turn: this.#size, value });
    this.#size += 1;
  }

  /** The value of just this prefix. @param prefix its first address */
  get(prefix: Ipv6Key, length: number): T | undefined {
    return this.#byLength.get(length)?.get(prefix)?.value;
  }

  /** @param accepts which values count */
  find(address: Ipv6Key, accepts: (value: T) => boolean = () => true): T | undefined {
    let best: Entry<T> | undefined;
    for (const [length, entries] of this.#byLength) {
      const entry = entries.get(maskIpv6Key(address, length));
      if (entry === undefined || (best !== undefined && best.turn < entry.turn) || !accepts(entry.value)) continue;
      best = entry;
    }
    return best?.value;
  }
}

interface Entry<T> {
  readonly turn: number;
  readonly value: T;
}
