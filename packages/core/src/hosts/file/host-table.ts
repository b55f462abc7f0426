/** Reservations in memory as texts of JSON, with what finds them: little memory each, and one is read in a microsecond. */
import type { HostFilter, HostPage, HostQuestion, StoredHost } from "../database/host-database.ts";
import type { HostIdentifier } from "../model/host-index.ts";

/** What the families do differently. */
export interface HostTableRules<Type extends string, Address, Reservation> {
  identifierOf(reservation: Reservation): HostIdentifier<Type>;
  /** The addresses, and the first ones of prefixes. */
  addressesOf(reservation: Reservation): readonly Address[];
}

interface Named {
  readonly hostname?: string;
}

export class HostTable<Type extends string, Address extends string | number, Reservation extends Named> {
  readonly #rules: HostTableRules<Type, Address, Reservation>;
  /** By id; ids are in the order in which reservations have come. */
  readonly #subnetIds = new Map<number, number>();
  readonly #texts = new Map<number, string>();
  readonly #byIdentifier = new Map<string, number>();
  /** More than one only where an address may be reserved several times. */
  readonly #byAddress = new Map<string, number | readonly number[]>();
  #lastId = 0;

  constructor(rules: HostTableRules<Type, Address, Reservation>) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#texts.size;
  }

  /** The id of the reservation of the same subnet and identifier. */
  idOf({ subnetId, reservation }: StoredHost<Reservation>): number | undefined {
    return this.#byIdentifier.get(identifierKey(subnetId, this.#rules.identifierOf(reservation)));
  }

  /** Whether one of its addresses is reserved in its subnet already. @param spared the id of one that does not count */
  isTaken({ subnetId, reservation }: StoredHost<Reservation>, spared?: number): boolean {
    return this.#rules
      .addressesOf(reservation)
      .some((address) => this.#at(subnetId, address).some((id) => id !== spared));
  }

  /** There is none of the same subnet and identifier. @returns its id */
  add({ subnetId, reservation }: StoredHost<Reservation>): number {
    const id = ++this.#lastId;
    this.#subnetIds.set(id, subnetId);
    this.#texts.set(id, JSON.stringify(reservation));
    this.#byIdentifier.set(identifierKey(subnetId, this.#rules.identifierOf(reservation)), id);
    for (const address of this.#rules.addressesOf(reservation)) {
      const key = addressKey(subnetId, address);
      const there = this.#byAddress.get(key);
      this.#byAddress.set(key, there === undefined ? id : [...listOf(there), id]);
    }
    return id;
  }

  remove(id: number): void {
    const { subnetId, reservation } = this.hostOf(id);
    this.#subnetIds.delete(id);
    this.#texts.delete(id);
    this.#byIdentifier.delete(identifierKey(subnetId, this.#rules.identifierOf(reservation)));
    for (const address of this.#rules.addressesOf(reservation)) {
      const key = addressKey(subnetId, address);
      const others = this.#at(subnetId, address).filter((other) => other !== id);
      if (others.length === 0) this.#byAddress.delete(key);
      else this.#byAddress.set(key, others.length === 1 ? others[0]! : others);
    }
  }

  hostOf(id: number): StoredHost<Reservation> {
    return { subnetId: this.#subnetIds.get(id)!, reservation: JSON.parse(this.#texts.get(id)!) as Reservation };
  }

  /** As `HostDatabase.load`. */
  load(questions: readonly HostQuestion<Type, Address>[]): readonly number[] {
    const ids = new Set<number>();
    for (const { subnetId, identifiers, addresses } of questions) {
      for (const identifier of identifiers) {
        const id = this.#byIdentifier.get(identifierKey(subnetId, identifier));
        if (id !== undefined) ids.add(id);
      }
      for (const address of addresses) for (const id of this.#at(subnetId, address)) ids.add(id);
    }
    return [...ids];
  }

  /** As `HostDatabase.find`, in steps of one reservation each. */
  *find(filter: HostFilter<Type, Address>): Generator<void, readonly number[]> {
    const { subnetId, identifier, address } = filter;
    if (subnetId !== undefined && (identifier !== undefined || address !== undefined)) {
      const asked = { subnetId, identifiers: identifier ? [identifier] : [], addresses: identifier ? [] : [address!] };
      return this.load([asked]).filter((id) => this.#fits(id, filter));
    }
    const found: number[] = [];
    for (const id of this.#texts.keys()) {
      if (this.#fits(id, filter)) found.push(id);
      yield;
    }
    return found;
  }

  #fits(id: number, { subnetId, identifier, address, hostname }: HostFilter<Type, Address>): boolean {
    if (subnetId !== undefined && this.#subnetIds.get(id) !== subnetId) return false;
    const own = this.#subnetIds.get(id)!;
    if (identifier !== undefined && this.#byIdentifier.get(identifierKey(own, identifier)) !== id) return false;
    if (address !== undefined && !this.#at(own, address).includes(id)) return false;
    return hostname === undefined || this.hostOf(id).reservation.hostname?.toLowerCase() === hostname.toLowerCase();
  }

  /** As `HostDatabase.page`. */
  page({ after, limit, subnetId }: HostPage): readonly number[] {
    const ids: number[] = [];
    for (const [id, own] of this.#subnetIds) {
      if (ids.length === limit) break;
      if (id > after && (subnetId === undefined || own === subnetId)) ids.push(id);
    }
    return ids;
  }

  ids(): Iterable<number> {
    return this.#texts.keys();
  }

  #at(subnetId: number, address: Address): readonly number[] {
    return listOf(this.#byAddress.get(addressKey(subnetId, address)));
  }
}

const NONE: readonly number[] = [];

function listOf(ids: number | readonly number[] | undefined): readonly number[] {
  if (ids === undefined) return NONE;
  return typeof ids === "number" ? [ids] : ids;
}

function identifierKey(subnetId: number, { type, key }: HostIdentifier<string>): string {
  return `${subnetId} ${type} ${key}`;
}

function addressKey(subnetId: number, address: string | number): string {
  return `${subnetId} ${address}`;
}
