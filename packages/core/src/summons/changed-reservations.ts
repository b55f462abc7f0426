/** Whose clients a changed reservation is about: of a host database, where nobody knows what it was before. */
import type { HostIdentifier } from "../hosts/model/host-index.ts";

export interface ChangedReservation<Address = number | string> {
  /** `undefined` where it is found by an address. */
  readonly identifier: HostIdentifier<string> | undefined;
  readonly addresses: readonly Address[];
}

/** One character a byte, as `HostIdentifier.key`; of kinds that a lease knows nothing of there is none. */
export type ClientKeys<L> = (lease: L, type: string) => string | undefined;

export class ChangedReservations<L extends { readonly address: number | string }> {
  readonly #keyOf: ClientKeys<L>;
  readonly #keys = new Map<string, Set<string>>();
  readonly #addresses = new Set<number | string>();

  constructor(keyOf: ClientKeys<L>) {
    this.#keyOf = keyOf;
  }

  add({ identifier, addresses }: ChangedReservation): void {
    for (const address of addresses) this.#addresses.add(address);
    if (identifier === undefined) return;
    const alike = this.#keys.get(identifier.type);
    if (alike === undefined) this.#keys.set(identifier.type, new Set([identifier.key]));
    else alike.add(identifier.key);
  }

  /** Whether it is the lease of one of the clients, or at one of the addresses. */
  areAbout(lease: L): boolean {
    if (this.#addresses.has(lease.address)) return true;
    for (const [type, keys] of this.#keys) {
      const key = this.#keyOf(lease, type);
      if (key !== undefined && keys.has(key)) return true;
    }
    return false;
  }
}
