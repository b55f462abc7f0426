/**
 * What a host database does: it keeps reservations that are not in the configuration (Kea's `hosts-databases`). Every one
 * passes the suite in `host-database.contract.ts`.
 */
import type { HostIdentifier } from "../model/host-index.ts";

/** Subnet id of reservations that are of no subnet. */
export const GLOBAL = 0;

/** A reservation as its database has it. It is not checked yet: somebody else may have written it. */
export interface HostRecord {
  /** Tells the records of a database apart. Pages are in its order, so later records have higher ones. */
  readonly id: number;
  /** `GLOBAL` for none. */
  readonly subnetId: number;
  /** As Kea writes an entry of `reservations`; keys that have no value are left out. */
  readonly reservation: object;
  /** Where it is, for whoever has to mend it: `line 12`, `hosts.host_id 7`. */
  readonly origin: string;
  /** What is wrong with it, and what to do, where the database sees that: then `reservation` is not what it has. */
  readonly fault?: string;
}

/** A reservation that has been checked. @typeParam Reservation an entry of `reservations` of the family */
export interface StoredHost<Reservation> {
  readonly subnetId: number;
  readonly reservation: Reservation;
}

/** What a batch wants to know of one subnet: every record of the subnet that has one of the identifiers or addresses. */
export interface HostQuestion<Type extends string, Address> {
  readonly subnetId: number;
  readonly identifiers: readonly HostIdentifier<Type>[];
  /** In DHCPv6 also the first addresses of prefixes. */
  readonly addresses: readonly Address[];
}

/** Records that have all that is given here. Of what is absent, any will do. */
export interface HostFilter<Type extends string, Address> {
  readonly subnetId?: number | undefined;
  readonly identifier?: HostIdentifier<Type> | undefined;
  /** In DHCPv6 any of the reserved addresses, or the first one of a prefix. */
  readonly address?: Address | undefined;
  /** Upper and lower case are alike. */
  readonly hostname?: string | undefined;
}

export interface HostPage {
  /** `id` of the last record of the page before; 0 for the first page. */
  readonly after: number;
  readonly limit: number;
  readonly subnetId?: number | undefined;
}

/**
 * @typeParam Type of identifiers
 * @typeParam Address of the family
 * @typeParam Reservation as of `StoredHost`
 */
export interface HostDatabase<Type extends string, Address, Reservation> {
  /** For the log, without passwords: `mysql database kea on db1`. */
  readonly name: string;
  readonly isReadOnly: boolean;
  /** Whether it can be asked now. */
  readonly isUp: boolean;
  /** How many changes have been made by way of this object so far. */
  readonly revision: number;
  /** Answers all questions in one round trip: the records that any of them is about, each once, in any order. */
  load(questions: readonly HostQuestion<Type, Address>[]): Promise<readonly HostRecord[]>;
  /** As `load`, at once. Absent where it takes a round trip. */
  peek?(questions: readonly HostQuestion<Type, Address>[]): readonly HostRecord[];
  /** Which of some addresses are reserved in a subnet, for whomever, in one round trip. Cheap, as no more is read of them. */
  reservedAmong(subnetId: number, addresses: readonly Address[]): Promise<readonly Address[]>;
  /** As `reservedAmong`, at once. There where `peek` is. */
  peekReserved?(subnetId: number, addresses: readonly Address[]): readonly Address[];
  /** In the order of their `id`, at most `limit` where one is given. */
  find(filter: HostFilter<Type, Address>): Promise<readonly HostRecord[]>;
  page(page: HostPage): Promise<readonly HostRecord[]>;
  /**
   * Resolves when it is durable.
   * @param isUnique whether addresses of one subnet may be reserved once only (`ip-reservations-unique`)
   * @returns `false`, with nothing changed, where the subnet has a reservation of that identifier, or of one of the addresses
   */
  add(host: StoredHost<Reservation>, isUnique: boolean): Promise<boolean>;
  /**
   * Replaces the reservation of the same subnet and identifier; it may get another `id`. Resolves when it is durable.
   * @returns `absent` where there is none; `conflict` as `add` gives `false`. Then nothing is changed
   */
  update(host: StoredHost<Reservation>, isUnique: boolean): Promise<"updated" | "absent" | "conflict">;
  /** Removes what `find` would give. Resolves when that is durable. @returns how many */
  remove(filter: HostFilter<Type, Address> & { readonly subnetId: number }): Promise<number>;
  close(): Promise<void>;
}
