/** What a batch takes from offers instead of the database: what was known when a client was offered something. */
import type { Seconds } from "../../base/clock.ts";
import type { KnownClient, Offers } from "./offers.ts";
import type { SharedFamily } from "./shared-family.ts";

export class Recollection<L, Key, Range> {
  readonly #keyOf: (lease: L) => Key;
  readonly #offers: Offers<L, Key, Range>;
  readonly #stampOf: (identifier: string) => number | undefined;
  readonly #now: Seconds;
  readonly #clients = new Map<string, KnownClient<L>>();
  /** Theirs, by their keys. */
  readonly #leases = new Map<Key, L>();
  /** Look-ups answered. */
  count = 0;
  /** Otherwise nothing is remembered. */
  isAllowed = false;

  /**
   * @param stampOf of what a client claims by changes under way
   * @param now for all of the batch: what is remembered once is remembered again
   */
  constructor(
    { keyOf }: Pick<SharedFamily<L, Key>, "keyOf">,
    offers: Offers<L, Key, Range>,
    stampOf: (identifier: string) => number | undefined,
    now: Seconds,
  ) {
    this.#keyOf = keyOf;
    this.#offers = offers;
    this.#stampOf = stampOf;
    this.#now = now;
  }

  /** The client as it was when it was offered something; not after a claim of ours, whose leases were not seen then. */
  client(identifier: string): KnownClient<L> | undefined {
    if (!this.isAllowed || this.#stampOf(identifier) !== undefined) return undefined;
    for (const offer of this.#offers.ofClient(identifier)) {
      const client = this.#offers.sightingAt(this.#keyOf(offer), this.#now)?.clients.get(identifier);
      if (client === undefined) continue;
      this.count++;
      this.#clients.set(identifier, client);
      for (const lease of client.leases) this.#leases.set(this.#keyOf(lease), lease);
      return client;
    }
    return undefined;
  }

  /** What was at a key that was offered to somebody, or at one that a client had when it was offered something. */
  seenAt(key: Key): L | undefined | "unknown" {
    if (!this.isAllowed) return "unknown";
    const lease = this.#leases.get(key);
    const sighting = lease === undefined ? this.#offers.sightingAt(key, this.#now) : undefined;
    if (lease === undefined && sighting === undefined) return "unknown";
    this.count++;
    return lease ?? sighting?.before;
  }

  /** Whether `client` has been told, and not replaced by what is loaded since. */
  has(identifier: string): boolean {
    return this.#clients.has(identifier);
  }

  stampOf(identifier: string): number | undefined {
    return this.#clients.get(identifier)?.stamp;
  }

  forget(identifier: string): void {
    for (const lease of this.#clients.get(identifier)?.leases ?? []) this.#leases.delete(this.#keyOf(lease));
    this.#clients.delete(identifier);
  }
}
