/**
 * What the associations of one message are given, which the view of the leases does not show yet: what the others must
 * not be given again, and how far the search in each pool has come. It costs the same however many there are.
 */
import { type Ipv6Key, maskIpv6Key } from "../ip/ipv6-key.ts";
import type { Pool6 } from "../subnets/subnet6.ts";

/** An address is a prefix of 128 bits. */
interface Prefix {
  readonly address: Ipv6Key;
  readonly length: number;
}

/** A pool's candidates and the one whose turn it is. */
interface Search {
  readonly candidates: Iterator<Ipv6Key, undefined>;
  next: Ipv6Key | undefined;
  /** Candidates that were taken. */
  passed: number;
}

/** In one wide prefix more of a pool may be taken than anybody wants to look at: so many are, beside those taken by name. */
const LOOKS = 64;

/** Of what leases are of: as in Kea, an address may be from a prefix that is delegated, which takes nothing of it. */
function isPartOf(length: number, wider: number): boolean {
  return wider <= length && (wider === ADDRESS) === (length === ADDRESS);
}

const ADDRESS = 128;

export class Taken6 {
  /** By their lengths. */
  readonly #prefixes = new Map<number, Set<Ipv6Key>>();
  /** By a length: the prefixes of that length with one that is taken in them. */
  readonly #around = new Map<number, Set<Ipv6Key>>();
  readonly #searches = new Map<Pool6, Search>();

  get isEmpty(): boolean {
    return this.#prefixes.size === 0;
  }

  add({ address, length }: Prefix): void {
    const alike = this.#prefixes.get(length);
    if (alike === undefined) this.#prefixes.set(length, new Set([address]));
    else alike.add(address);
    for (const [wider, around] of this.#around) {
      if (isPartOf(length, wider)) around.add(maskIpv6Key(address, wider));
    }
  }

  /** Whether a prefix is taken, or part of it. */
  has(address: Ipv6Key, length: number): boolean {
    if (this.isEmpty) return false;
    for (const [wider, prefixes] of this.#prefixes) {
      if (wider !== length && isPartOf(length, wider) && prefixes.has(maskIpv6Key(address, wider))) return true;
    }
    return this.#takenIn(length).has(address);
  }

  #takenIn(length: number): ReadonlySet<Ipv6Key> {
    let around = this.#around.get(length);
    if (around === undefined) {
      around = new Set();
      for (const [narrower, prefixes] of this.#prefixes) {
        if (isPartOf(narrower, length)) for (const prefix of prefixes) around.add(maskIpv6Key(prefix, length));
      }
      this.#around.set(length, around);
    }
    return around;
  }

  /**
   * The first of a pool's candidates that is not taken. Each is looked at once in a message.
   * @param begin the candidates, asked for when the message first looks into the pool
   */
  firstFree(pool: Pool6, begin: () => Iterator<Ipv6Key, undefined>): Ipv6Key | undefined {
    let search = this.#searches.get(pool);
    if (search === undefined) {
      const candidates = begin();
      search = { candidates, next: candidates.next().value, passed: 0 };
      this.#searches.set(pool, search);
    }
    const { length } = pool.range;
    const limit = this.#limitOf(length);
    while (search.next !== undefined && this.has(search.next, length)) {
      search.next = search.passed++ < limit ? search.candidates.next().value : undefined;
    }
    return search.next;
  }

  /** Those of a pool's candidates that are not taken. */
  *free(pool: Pool6, candidates: Iterable<Ipv6Key>): Generator<Ipv6Key, undefined> {
    const { length } = pool.range;
    let left = this.#limitOf(length);
    for (const address of candidates) {
      if (!this.has(address, length)) yield address;
      else if (left-- === 0) break;
    }
    return undefined;
  }

  #limitOf(length: number): number {
    return LOOKS + (this.#prefixes.get(length)?.size ?? 0);
  }
}
