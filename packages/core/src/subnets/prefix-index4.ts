/** Values by IPv4 prefix: where several contain an address, the one added first counts, as in Kea. */
import { type Ipv4, type Ipv4Prefix, netmask } from "../ip/ipv4.ts";

export class PrefixIndex4<T> {
  /** One map a prefix length in use, from network address to the value and its turn. */
  readonly #byLength: { readonly mask: number; readonly entries: Map<Ipv4, Entry<T>> }[] = [];
  #size = 0;

  add(prefix: Ipv4Prefix, value: T): void {
    const mask = netmask(prefix.length);
    let length = this.#byLength.find((candidate) => candidate.mask === mask);
    if (length === undefined) this.#byLength.push((length = { mask, entries: new Map() }));
    if (!length.entries.has(prefix.address)) length.entries.set(prefix.address, { turn: this.#size, value });
    this.#size += 1;
  }

  find(address: Ipv4): T | undefined {
    let best: Entry<T> | undefined;
    for (const { mask, entries } of this.#byLength) {
      const entry = entries.get((address & mask) >>> 0);
      if (entry !== undefined && (best === undefined || entry.turn < best.turn)) best = entry;
    }
    return best?.value;
  }
}

interface Entry<T> {
  readonly turn: number;
  readonly value: T;
}
