/** A change of a lease, as extensions see it. */
import type { Lease, LeaseChange } from "@kotare/extension";
import type { LeaseCsv } from "../leases/csv/lease-csv.ts";
import type { Lease as KeptLease } from "../leases/model/lease.ts";

/** How a lease is told of. */
interface LeaseWords<L extends KeptLease> {
  /** Gives a lease with Kea's keys. */
  readonly describe: (lease: L) => Lease;
  readonly csv: LeaseCsv<L>;
}

/** Its parts are made when they are looked at. */
export class ShownChange<L extends KeptLease> implements LeaseChange {
  readonly kind: LeaseChange["kind"];
  readonly #lease: L;
  readonly #before: L | undefined;
  readonly #words: LeaseWords<L>;
  #shown: Lease | undefined;
  #shownBefore: Lease | undefined;

  /** @param before what the same client had there */
  constructor(kind: LeaseChange["kind"], lease: L, before: L | undefined, words: LeaseWords<L>) {
    this.kind = kind;
    this.#lease = lease;
    this.#before = before;
    this.#words = words;
  }

  get lease(): Lease {
    this.#shown ??= this.#words.describe(this.#lease);
    return this.#shown;
  }

  get row(): string {
    return this.#words.csv.format(this.#lease, this.kind === "remove");
  }

  get before(): Lease | undefined {
    if (this.#before !== undefined) this.#shownBefore ??= this.#words.describe(this.#before);
    return this.#shownBefore;
  }
}
