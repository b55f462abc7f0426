/** Values by IPv4 prefix: where several contain an address, the one added first counts. */
import { type Ipv4, type Ipv4Prefix, netmask } from "../../ip/ipv4.ts";

export class PrefixIndex4<T> {
  /** One map a prefix length in use, from network address to the value and its turn. */
  readonly #byLength: Length<T>[] = [];
  #size = 0;

  add(prefix: Ipv4Prefix, value: T): void {
    const mask = netmask(prefix.length);
    const known = this.#byLength.find((candidate) => candidate.mask === mask);
    const { entries } = known ?? this.#addLength(mask);
    if (!entries.has(prefix.address)) entries.set(prefix.address, { turn: this.#size, value });
    this.#size += 1;
  }

  #addLength(mask: number): Length<T> {
    const length = { mask, entries: new Map<Ipv4, Entry<T>>() };
    this.#byLength.push(length);
    return length;
  }

  /** The value of just this prefix. */
  get({ address, length }: Ipv4Prefix): T | undefined {
    const mask = netmask(length);
    return this.#byLength.find((candidate) => candidate.mask === mask)?.entries.get((address & mask) >>> 0)?.value;
  }

  /** @param accepts which values count */
  find(address: Ipv4, accepts: (value: T) => boolean = () => true): T | undefined {
    let best: Entry<T> | undefined;
    for (const { mask, entries } of this.#byLength) {
      const entry = entries.get((address & mask) >>> 0);
      if (entry === undefined || (best !== undefined && best.turn < entry.turn) || !accepts(entry.value)) continue;
      best = entry;
    }
    return best?.value;
  }
}

interface Length<T> {
  readonly mask: number;
  readonly entries: Map<Ipv4, Entry<T>>;
}

interface Entry<T> {
  readonly turn: number;
  readonly value: T;
}
