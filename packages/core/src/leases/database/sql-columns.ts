/** Kea's lease tables, column by column: from the rows follow every statement of every dialect that names them. */
import { isNobodysDuid, NOBODYS_DUID } from "../../dhcp6/duid.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import type { LeaseMark } from "../model/lease-store.ts";
import type { Lease4 } from "../model/lease4.ts";
import { type HwaddrSource, type Lease6, LeaseType6 } from "../model/lease6.ts";
import { agentIdOf } from "../user-context/agent-options4.ts";
import { relayTables6, type SideTable } from "./side-tables.ts";

/**
 * `time` is seconds since 1970, `address6` an address of 16 bytes; `int32` is unsigned where Kea's column is not; `state` is
 * compared as `readState` reads it.
 */
export type SqlKind = "number" | "int32" | "int16" | "boolean" | "bytes" | "text" | "time" | "address6" | "state";
export type SqlValue = number | boolean | string | Uint8Array | null;

export interface SqlColumn<L> {
  readonly name: string;
  readonly kind: SqlKind;
  /** Whether a change is made only where this is as it was seen. */
  readonly isSeen: boolean;
  get(lease: L): SqlValue;
}

/** A lease table of Kea's. */
export interface SqlTable<L> {
  readonly name: string;
  /** The address comes first: it is the key. */
  readonly columns: readonly SqlColumn<L>[];
  /** Columns by which clients are looked up, by the first character of their identifiers in `Wanted.identifiers`. */
  readonly identifierColumns: ReadonlyMap<string, string>;
  /** A table of our own beside it: what each client claims. */
  readonly claims: string;
  /** Kea's tables beside it. */
  readonly sideTables: readonly SideTable<L>[];
  /** From the values of the columns, in their order; `undefined` for a row that is none of ours. */
  read(values: readonly SqlValue[]): L | undefined;
}

/** Of the tables of claims. */
export const CLAIM_COLUMNS: readonly string[] = ["client", "place", "stamp"];
/** What we made before them, one claim a client and subnet: nobody reads them any more. */
export const FORMER_TABLES: readonly string[] = ["kotare_claims_lease4", "kotare_claims_lease6"];

/** Kea's bound on the column. */
const LONGEST_HOSTNAME = 255;

/** The lease as it will be read. @param latest the last second that a column of kind `time` can say */
export function asKeptBy<L>({ columns, read }: SqlTable<L>, lease: L, latest = Number.POSITIVE_INFINITY): L {
  const values = columns.map(({ kind, get }) => {
    const value = get(lease);
    return kind === "time" ? Math.min(Number(value), latest) : value;
  });
  return read(values) ?? lease;
}

/**
 * The condition that a lease has a mark. An id of a relay is in a column of its own, else in a table beside.
 * @param value of the mark in SQL
 * @param isNamed the condition that the column `hostname` has the value
 */
export function isMarked<L>(
  { name, columns }: SqlTable<L>,
  { kind }: LeaseMark,
  value: string,
  isNamed: (value: string) => string,
): string {
  if (kind === "hostname") return isNamed(value);
  const column = kind.replace("-", "_");
  if (columns.some((each) => each.name === column)) return `${column} = ${value}`;
  return `address IN (SELECT lease_addr FROM ${name}_${column} WHERE ${column} = ${value})`;
}

type CountedTable = Pick<SqlTable<never>, "name" | "columns">;

/** How many leases are alike: the number, subnet, pool, state and, in DHCPv6, type. */
export function tallyQuery({ name, columns }: CountedTable): string {
  const alike = alikeColumns(columns).join(", ");
  return `SELECT count(*), ${alike} FROM ${name} GROUP BY ${alike}`;
}

/** As `tallyQuery`, of those that Kea's statistics count: those in use and declined ones, and registered ones, which are in no pool. */
export function heldQuery({ name, columns }: CountedTable): string {
  const alike = alikeColumns(columns);
  const held = `SELECT leases, ${alike.join(", ")} FROM ${name}_pool_stat WHERE leases > 0 AND state IN (0, 1)`;
  if (!alike.includes("lease_type")) return held;
  return `${held} UNION ALL SELECT leases, subnet_id, 0, state, lease_type FROM ${name}_stat WHERE leases > 0 AND state = 4`;
}

function alikeColumns(columns: CountedTable["columns"]): readonly string[] {
  const types = columns.some(({ name }) => name === "lease_type") ? ["lease_type"] : [];
  return ["subnet_id", "pool_id", "state", ...types];
}

function column<L>(
  name: string,
  kind: SqlKind,
  get: (lease: L) => SqlValue,
  options: { readonly isSeen?: boolean } = {},
): SqlColumn<L> {
  return { name, kind, get, isSeen: options.isSeen ?? false };
}

/** Of a client that may have put anything into it: no database takes NUL in a text. */
function cleanText(text: string): string {
  return text.replaceAll("\0", "");
}

/** In Kea's tables a lease without end has its last transmission here. */
function expireOf({ cltt, validLifetime }: Lease): number {
  return validLifetime === INFINITE_LIFETIME ? cltt : cltt + validLifetime;
}

const SEEN = { isSeen: true };

function commonColumns<L extends Lease>(): readonly SqlColumn<L>[] {
  return [
    column("valid_lifetime", "number", (lease) => lease.validLifetime, SEEN),
    column("expire", "time", expireOf, SEEN),
    column("subnet_id", "number", (lease) => lease.subnetId, SEEN),
    column("state", "state", (lease) => lease.state, SEEN),
    column("pool_id", "number", (lease) => lease.poolId),
    column("fqdn_fwd", "boolean", (lease) => lease.fqdnFwd),
    column("fqdn_rev", "boolean", (lease) => lease.fqdnRev),
    column("hostname", "text", (lease) => cleanText(lease.hostname).slice(0, LONGEST_HOSTNAME)),
    column("user_context", "text", (lease) => (lease.userContext === "" ? null : cleanText(lease.userContext))),
  ];
}

/** What `commonColumns` has written, from `values[at]` on. */
function readCommon(values: readonly SqlValue[], at: number): Lease {
  const [validLifetime, expire, subnetId, state, poolId] = values.slice(at, at + 5).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    validLifetime,
    cltt: validLifetime === INFINITE_LIFETIME ? expire : expire - validLifetime,
    subnetId,
    poolId,
    state: readState(state),
    fqdnFwd: Boolean(values[at + 5]),
    fqdnRev: Boolean(values[at + 6]),
    hostname: String(values[at + 7] ?? ""),
    userContext: String(values[at + 8] ?? ""),
  };
}

/** Kea ≥ 2.7 knows released (3) leases: as in its lease file. */
export function readState(state: number): LeaseState {
  if (state === LeaseState.declined || state === LeaseState.registered) return state;
  return state === LeaseState.reclaimed || state === 3 ? LeaseState.reclaimed : LeaseState.assigned;
}

/** What follows `state`: whether `readState` makes it reclaimed, or one of the others. */
export const IS_RECLAIMED = "IN (2, 3)";
export const IS_HELD = "IN (0, 1, 4)";

/** Of leases that upkeep ends: those that are held, and released ones whose names Kea has not taken out of the DNS yet. */
export const IS_ENDED_LATER = "IN (0, 1, 3, 4) AND (state <> 3 OR fqdn_fwd OR fqdn_rev)";

/** The state in a column as `readState` reads it. */
export function stateIn(column: string): string {
  return `CASE ${column} WHEN 3 THEN 2 ELSE ${column} END`;
}

const NO_BYTES = new Uint8Array(0);

function readBytes(value: SqlValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? new Uint8Array(value) : NO_BYTES;
}

export const lease4Table: SqlTable<Lease4> = {
  name: "lease4",
  columns: [
    column("address", "number", (lease) => lease.address),
    column("hwaddr", "bytes", (lease) => lease.hwaddr, SEEN),
    column("client_id", "bytes", (lease) => lease.clientId ?? null, SEEN),
    ...commonColumns<Lease4>(),
    // Nobody reads them but bulk leasequery (RFC 6926): they say again what the user context says.
    column("relay_id", "bytes", (lease) => agentIdOf(lease.userContext, "relay-id") ?? null),
    column("remote_id", "bytes", (lease) => agentIdOf(lease.userContext, "remote-id") ?? null),
  ],
  identifierColumns: new Map([
    ["\0", "hwaddr"],
    ["\x01", "client_id"],
  ]),
  claims: "kotare_clients_lease4",
  sideTables: [],
  read(values) {
    const clientId = readBytes(values[2]);
    return {
      address: Number(values[0]),
      hwaddr: readBytes(values[1]),
      clientId: clientId.length === 0 ? undefined : clientId,
      ...readCommon(values, 3),
    };
  },
};

export const lease6Table: SqlTable<Lease6> = {
  name: "lease6",
  columns: [
    column("address", "address6", (lease) => lease.address),
    column("duid", "bytes", (lease) => (lease.duid.length === 0 ? NOBODYS_DUID : lease.duid), SEEN),
    column("iaid", "int32", (lease) => lease.iaid, SEEN),
    column("lease_type", "number", (lease) => lease.type, SEEN),
    column("prefix_len", "number", (lease) => lease.prefixLength, SEEN),
    column("pref_lifetime", "number", (lease) => lease.preferredLifetime),
    column("hwaddr", "bytes", (lease) => (lease.hwaddr.length === 0 ? null : lease.hwaddr)),
    // Kea cannot read a row without these from PostgreSQL.
    column("hwtype", "int16", (lease) => (lease.hwaddr.length === 0 ? 0 : lease.hwtype)),
    column("hwaddr_source", "number", (lease) => (lease.hwaddr.length === 0 ? 0 : lease.hwaddrSource)),
    ...commonColumns<Lease6>(),
  ],
  identifierColumns: new Map([["\0", "duid"]]),
  claims: "kotare_clients_lease6",
  sideTables: relayTables6,
  read(values) {
    const type = Number(values[3]);
    if (type !== LeaseType6.address && type !== LeaseType6.prefix) return undefined;
    return {
      address: values[0] as Ipv6Key,
      duid: readDuid(values[1]),
      iaid: Number(values[2]) >>> 0,
      type,
      prefixLength: Number(values[4]),
      preferredLifetime: Number(values[5]),
      hwaddr: readBytes(values[6]),
      hwtype: Number(values[7] ?? 0) & 0xffff,
      hwaddrSource: Number(values[8] ?? 0) as HwaddrSource,
      ...readCommon(values, 9),
    };
  },
};

function readDuid(value: SqlValue | undefined): Uint8Array {
  const duid = readBytes(value);
  return isNobodysDuid(duid) ? NO_BYTES : duid;
}
