/** Reservations in memory as lines of JSON, with what finds them: little memory each, and one is read in a few microseconds. */
import type { HostFilter, HostPage, HostQuestion, StoredHost } from "../database/host-database.ts";
import type { HostIdentifier } from "../model/host-index.ts";
import { TextArena } from "./text-arena.ts";
import { TextMap } from "./text-map.ts";

/** What the families do differently. */
export interface HostTableRules<Type extends string, Address, Reservation> {
  identifierOf(reservation: Reservation): HostIdentifier<Type>;
  /** The addresses, and the first ones of prefixes. */
  addressesOf(reservation: Reservation): readonly Address[];
}

/** As the file has it: the subnet first, then the keys of a reservation that have a value. */
interface Line {
  readonly "subnet-id": number;
  readonly hostname?: string;
}

export class HostTable<Type extends string, Address extends string | number, Reservation extends object> {
  readonly #rules: HostTableRules<Type, Address, Reservation>;
  readonly #texts = new TextArena();
  /** Where their lines are, by id; ids are in the order in which reservations have come. */
  #lines = new Map<number, number>();
  readonly #byIdentifier = new TextMap();
  /** One of them where an address is reserved several times. */
  readonly #byAddress = new TextMap();
  /** All of them there. */
  readonly #sharing = new Map<string, readonly number[]>();
  /** Lines that are of no use any more, while somebody goes through those there were. */
  #kept: number[] | undefined;
  #lastId = 0;
  #bytes = 0;

  constructor(rules: HostTableRules<Type, Address, Reservation>) {
    this.#rules = rules;
  }

  /** Of all lines. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The id of the reservation of the same subnet and identifier. */
  idOf({ subnetId, reservation }: StoredHost<Reservation>): number | undefined {
    return this.#byIdentifier.get(identifierKey(subnetId, this.#rules.identifierOf(reservation)));
  }

  /** Whether one of its addresses is reserved in its subnet already. @param spared the id of one that does not count */
  isTaken({ subnetId, reservation }: StoredHost<Reservation>, spared?: number): boolean {
    const isOther = (id: number) => id !== spared;
    return this.#rules.addressesOf(reservation).some((address) => this.#at(subnetId, address).some(isOther));
  }

  /** Takes the place of the one of the same subnet and identifier. @param line as the file has it, as `formatHost` would */
  put(host: StoredHost<Reservation>, line: string): void {
    const key = identifierKey(host.subnetId, this.#rules.identifierOf(host.reservation));
    const id = this.#byIdentifier.enter(key, this.#lastId + 1);
    if (id > this.#lastId) this.#lastId = id;
    else {
      this.#leave(id);
      this.#byIdentifier.set(key, id);
    }
    this.#keep(id, host, line);
  }

  /**
   * There is no other one of the same subnet and identifier.
   * @param id of one that was removed, to have it back; a new one by default
   * @returns its id
   */
  add({ subnetId, reservation }: StoredHost<Reservation>, id = this.#lastId + 1): number {
    this.#enter(id, { subnetId, reservation });
    if (id < this.#lastId) this.#lines = new Map([...this.#lines].sort(([a], [b]) => a - b));
    this.#lastId = Math.max(id, this.#lastId);
    return id;
  }

  /** @param host of the same subnet and identifier */
  replace(id: number, host: StoredHost<Reservation>): void {
    this.#leave(id);
    this.#enter(id, host);
  }

  remove(id: number): void {
    this.#leave(id);
    this.#lines.delete(id);
  }

  #enter(id: number, host: StoredHost<Reservation>): void {
    this.#byIdentifier.set(identifierKey(host.subnetId, this.#rules.identifierOf(host.reservation)), id);
    this.#keep(id, host, formatHost(host));
  }

  /** All but what finds it by its identifier. */
  #keep(id: number, { subnetId, reservation }: StoredHost<Reservation>, line: string): void {
    this.#lines.set(id, this.#texts.add(line, id));
    this.#bytes += line.length + 1;
    for (const address of this.#rules.addressesOf(reservation)) {
      const key = addressKey(subnetId, address);
      const first = this.#byAddress.enter(key, id);
      if (first !== id) this.#sharing.set(key, [...(this.#sharing.get(key) ?? [first]), id]);
    }
  }

  /** @param ids of all that the address is reserved for */
  #reserve(key: string, ids: readonly number[]): void {
    if (ids.length === 0) this.#byAddress.delete(key);
    else this.#byAddress.set(key, ids[0]!);
    if (ids.length > 1) this.#sharing.set(key, ids);
    else this.#sharing.delete(key);
  }

  #leave(id: number): void {
    const { subnetId, reservation } = this.hostOf(id);
    this.#bytes -= this.lineOf(id).length + 1;
    const place = this.#lines.get(id)!;
    if (this.#kept === undefined) this.#texts.remove(place);
    else this.#kept.push(place);
    this.#byIdentifier.delete(identifierKey(subnetId, this.#rules.identifierOf(reservation)));
    for (const address of this.#rules.addressesOf(reservation)) {
      const others = this.#at(subnetId, address).filter((other) => other !== id);
      this.#reserve(addressKey(subnetId, address), others);
    }
  }

  has(id: number): boolean {
    return this.#lines.has(id);
  }

  /** Keys that have no value are left out of the reservation. */
  hostOf(id: number): StoredHost<Reservation> {
    const { "subnet-id": subnetId, ...reservation } = JSON.parse(this.lineOf(id)) as Line;
    return { subnetId, reservation: reservation as Reservation };
  }

  lineOf(id: number): string {
    return this.#texts.textOf(this.#lines.get(id)!);
  }

  /**
   * One call after the other.
   * @param use takes all lines as they are now, while changes go on
   */
  async withLines<T>(use: (lines: Iterable<string>) => Promise<T>): Promise<T> {
    this.#kept = [];
    try {
      return await use(this.#textsAt([...this.#lines.values()]));
    } finally {
      for (const place of this.#kept) this.#texts.remove(place);
      this.#kept = undefined;
    }
  }

  *#textsAt(places: readonly number[]): Generator<string> {
    for (const place of places) yield this.#texts.textOf(place);
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

  /** As `HostDatabase.reservedAmong`. */
  reservedAmong(subnetId: number, addresses: readonly Address[]): readonly Address[] {
    return addresses.filter((address) => this.#byAddress.get(addressKey(subnetId, address)) !== undefined);
  }

  /** As `HostDatabase.find`, in steps of one reservation each. */
  *find(filter: HostFilter<Type, Address>): Generator<void, readonly number[]> {
    const { subnetId, identifier, address } = filter;
    if (subnetId !== undefined && (identifier !== undefined || address !== undefined)) {
      const addresses = address === undefined ? [] : [address];
      const asked = { subnetId, identifiers: identifier === undefined ? [] : [identifier], addresses };
      return this.load([asked]).filter((id) => this.#fits(id, filter));
    }
    const found: number[] = [];
    for (const id of this.#lines.keys()) {
      if (this.has(id) && this.#fits(id, filter)) found.push(id);
      yield;
    }
    return found;
  }

  #fits(id: number, { subnetId, identifier, address, hostname }: HostFilter<Type, Address>): boolean {
    const line = this.lineOf(id);
    if (subnetId !== undefined && !line.startsWith(lineStart(subnetId))) return false;
    if (hostname !== undefined && !mentions(line, hostname)) return false;
    if (identifier === undefined && address === undefined && hostname === undefined) return true;
    const parsed = JSON.parse(line) as Line;
    const own = parsed["subnet-id"];
    if (identifier !== undefined && this.#byIdentifier.get(identifierKey(own, identifier)) !== id) return false;
    if (address !== undefined && !this.#at(own, address).includes(id)) return false;
    return hostname === undefined || parsed.hostname?.toLowerCase() === hostname.toLowerCase();
  }

  /** As `HostDatabase.page`, in steps of one reservation each. */
  *page({ after, limit, subnetId }: HostPage): Generator<void, readonly number[]> {
    const ids: number[] = [];
    // By number, and not along the lines: those before it cost nothing.
    for (let id = after + 1; id <= this.#lastId && ids.length < limit; id++) {
      if (!this.has(id)) continue;
      if (subnetId === undefined || this.lineOf(id).startsWith(lineStart(subnetId))) ids.push(id);
      yield;
    }
    return ids;
  }

  #at(subnetId: number, address: Address): readonly number[] {
    const key = addressKey(subnetId, address);
    const id = this.#byAddress.get(key);
    if (id === undefined) return [];
    return this.#sharing.get(key) ?? [id];
  }
}

/** As `HostTable` has it, and the file. */
export function formatHost({ subnetId, reservation }: StoredHost<object>): string {
  const keys = Object.entries(reservation).filter(([, value]) => !isEmpty(value));
  return JSON.stringify({ "subnet-id": subnetId, ...Object.fromEntries(keys) });
}

/** What says nothing: the default of its key. */
function isEmpty(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

/** How the line of a subnet's reservation begins: every reservation has an identifier behind it. */
export function lineStart(subnetId: number): string {
  return `{"subnet-id":${subnetId},`;
}

/** Whether it may be the line's host name: quicker than to read it. */
function mentions(line: string, hostname: string): boolean {
  return line.toLowerCase().includes(JSON.stringify(hostname.toLowerCase()));
}

function identifierKey(subnetId: number, { type, key }: HostIdentifier<string>): string {
  return `${subnetId} ${type} ${key}`;
}

function addressKey(subnetId: number, address: string | number): string {
  return `${subnetId} ${address}`;
}
