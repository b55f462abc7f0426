/** The leases of one family in a MySQL or MariaDB database with Kea's schema. */
import type { Seconds } from "@kotare/core/base/clock";
import type { Session } from "@kotare/core/databases/database-session";
import type { Reconnecting } from "@kotare/core/databases/reconnecting";
import type {
  Change,
  Claim,
  LeaseDatabase,
  Loaded,
  NewClaim,
  OnRefused,
  Search,
  SearchResult,
  Wanted,
} from "@kotare/core/leases/database/lease-database";
import {
  asKeptBy,
  readState,
  type SqlColumn,
  type SqlTable,
  type SqlValue,
} from "@kotare/core/leases/database/sql-columns";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "@kotare/core/leases/model/lease";
import { CLIENT_LEASES, type LeaseTally } from "@kotare/core/leases/model/lease-store";
import type { Connection, Rows } from "./connection.ts";
import { compareColumn, LAST_TIME, literal, readValue, rowsOf, selectColumn } from "./sql-text.ts";

/** What is a family's own. */
export interface MysqlFamily<L, Key, Range> {
  readonly table: SqlTable<L>;
  keyOf(lease: L): Key;
  /** Kea's, by the columns by which clients are looked up. */
  readonly clientIndexes: Readonly<Record<string, string>>;
  /** The value of the address column. */
  addressOf(key: Key): SqlValue;
  /** Whether the address column is one of them. */
  isAmong(keys: ReadonlySet<Key>): string;
  /** The first place in the spans without a lease: what to ask, and what the answer says; of no spans nothing is asked. */
  gapQuery(search: Search<Key, Range>): string;
  readGap(rows: Rows, search: Search<Key, Range>): Key | undefined;
  /** What finds prefixes of other lengths that cross one of the ranges. */
  crossedQuery?(range: Range, select: string): string;
  boundsOf(range: Range): { readonly first: SqlValue; readonly last: SqlValue; readonly excluded: readonly SqlValue[] };
}

/** Of leases that are over so many at a time. */
const OVER = 1024;
/**
 * A deadlock, a lock waited for in vain, a certification that failed, a row that has changed, a transaction that has been
 * undone: others were at the same rows.
 */
const LOST_RACES = new Set([1213, 1205, 1180, 1020, 1305]);
/**
 * Galera may undo a transaction between two of its statements without a word, and the rest would be made without the
 * beginning: leases without claims. So the rest is never made by itself, and the end asks for what stands at the beginning.
 */
const BEGIN = ["SET autocommit = 0", "START TRANSACTION", "SAVEPOINT whole"];
const END = ["RELEASE SAVEPOINT whole", "COMMIT"];
/** A place or a client that was nobody's is somebody's. */
const DUPLICATE = 1062;

export class MysqlLeases<L extends Lease, Key, Range> implements LeaseDatabase<L, Key, Range> {
  readonly #family: MysqlFamily<L, Key, Range>;
  readonly #session: Reconnecting<Session<Connection>>;
  readonly #onRefused: OnRefused<L>;
  readonly #select: string;
  readonly #seen: readonly SqlColumn<L>[];

  constructor(family: MysqlFamily<L, Key, Range>, session: Reconnecting<Session<Connection>>, onRefused: OnRefused<L>) {
    this.#family = family;
    this.#session = session;
    this.#onRefused = onRefused;
    this.#select = family.table.columns.map((column) => selectColumn(column)).join(", ");
    this.#seen = family.table.columns.filter(({ isSeen }) => isSeen);
  }

  async load({ keys, names, crossings }: Wanted<Key, Range>): Promise<Loaded<L>> {
    const { table, isAmong, crossedQuery } = this.#family;
    const clients = inList([...names].map((name) => literal("bytes", bytesOf(name))));
    const statements = [`SELECT client, stamp FROM ${table.claims} WHERE client IN ${clients}`];
    if (keys.size > 0) statements.push(`SELECT ${this.#select} FROM ${table.name} WHERE ${isAmong(keys)}`);
    for (const [prefix, column] of table.nameColumns) {
      const of = [...names]
        .filter((name) => name.startsWith(prefix))
        .map((name) => literal("bytes", bytesOf(name.slice(1))));
      if (of.length > 0) statements.push(this.#latestOf(column, of));
    }
    const leaseStatements = statements.length;
    for (const range of crossings) if (crossedQuery !== undefined) statements.push(crossedQuery(range, this.#select));
    const results = await this.#session.connection.reading.run(statements);
    return {
      leases: results.slice(1, leaseStatements).flatMap((rows) => this.#read(rows)),
      claims: new Map(results[0]!.map(([client, stamp]) => [nameOf(client as Uint8Array), Number(stamp)])),
      crossed: results.slice(leaseStatements).flatMap((rows) => this.#read(rows)),
    };
  }

  async search(search: Search<Key, Range>): Promise<SearchResult<L, Key>> {
    const { gapQuery, readGap, keyOf } = this.#family;
    const statements = [this.#overQuery(search), ...(search.spans.length === 0 ? [] : [gapQuery(search)])];
    const [over, gaps = []] = await this.#session.connection.searching.run(statements);
    return { gap: readGap(gaps, search), over: this.#read(over!).map((lease) => ({ key: keyOf(lease), lease })) };
  }

  commit(changes: readonly Change<L>[]): Promise<ReadonlySet<number>> {
    return this.#tryCommit(changes, true);
  }

  /** @param isTrusting whether what was nobody's is taken to be so still, which costs half; where it is not, nothing is made */
  async #tryCommit(changes: readonly Change<L>[], isTrusting: boolean): Promise<ReadonlySet<number>> {
    try {
      return await this.#commit(changes, isTrusting);
    } catch (error) {
      const { errno = 0, sqlState = "" } = error as { errno?: number; sqlState?: string };
      if (sqlState !== "") await this.#undo();
      if (LOST_RACES.has(errno)) return new Set(changes.keys());
      if (isTrusting && errno === DUPLICATE) return await this.#tryCommit(changes, false);
      // Something in it cannot be stored (classes 22 and 23): the others of the batch can.
      if (!/^2[23]/.test(sqlState)) throw error;
      if (changes.length === 1) {
        if (errno !== DUPLICATE) this.#onRefused(changes[0]!, error as Error);
        return new Set([0]);
      }
      const taken = new Set<number>();
      for (const [index, change] of changes.entries()) if ((await this.commit([change])).size > 0) taken.add(index);
      return taken;
    }
  }

  /** Galera may say here that it has undone it already: then nothing is left for the second. */
  async #undo(): Promise<void> {
    const { writing } = this.#session.connection;
    await writing.run(["ROLLBACK"]).catch((error: { errno?: number }) => {
      if (!LOST_RACES.has(error.errno ?? 0)) throw error;
      return writing.run(["ROLLBACK"]);
    });
  }

  asKept(lease: L): L {
    return asKeptBy(this.#family.table, lease, LAST_TIME);
  }

  async expired(now: Seconds, limit: number): Promise<readonly L[]> {
    return await this.#list(`WHERE state IN (0, 1) AND ${isOver(now)} ORDER BY expire LIMIT ${limit}`);
  }

  async forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]> {
    return await this.#list(
      `WHERE state = 2 AND expire <= ${literal("time", now - holdReclaimed)} ORDER BY expire LIMIT ${limit}`,
    );
  }

  async page(after: Key | undefined, limit: number, type?: number): Promise<readonly L[]> {
    const { table, addressOf } = this.#family;
    const conditions = [
      ...(after === undefined ? [] : [`address > ${literal(table.columns[0]!.kind, addressOf(after))}`]),
      ...(type === undefined ? [] : [`lease_type = ${type}`]),
    ];
    const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
    return await this.#list(`${where} ORDER BY address LIMIT ${limit}`);
  }

  async tally(): Promise<readonly LeaseTally[]> {
    const { name } = this.#family.table;
    return await this.#count((alike) => `SELECT COUNT(*), ${alike} FROM ${name} GROUP BY ${alike}`);
  }

  async countHeld(): Promise<readonly LeaseTally[]> {
    const { name } = this.#family.table;
    return await this.#count((alike) => `SELECT leases, ${alike} FROM ${name}_pool_stat WHERE leases > 0`);
  }

  /** @param ask by the columns that leases are counted by */
  async #count(ask: (alike: string) => string): Promise<readonly LeaseTally[]> {
    const types = this.#family.table.columns.some((column) => column.name === "lease_type") ? ["lease_type"] : [];
    const [rows] = await this.#session.connection.searching.run([
      ask(["subnet_id", "pool_id", "state", ...types].join(", ")),
    ]);
    return rows!.map((row) => {
      const [count, subnetId, poolId, state, type] = row.map(Number) as [number, number, number, number, number?];
      return { count, subnetId, poolId, state: readState(state), type: type as LeaseTally["type"] };
    });
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  async #commit(changes: readonly Change<L>[], isTrusting: boolean): Promise<ReadonlySet<number>> {
    const { table } = this.#family;
    const { name, claims } = table;
    const key = table.columns[0]!;
    const addressIn = ({ before, after }: Change<L>) => literal(key.kind, key.get((before ?? after)!));
    // In one order on all servers, so that they wait for each other and not for ever.
    const ordered = changes
      .map((change, index) => ({ change, index, address: addressIn(change) }))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
    const made = ordered.map(({ change }) => change);
    const statements = [...BEGIN, ...this.#claimStatements(made, isTrusting)];
    const deleted = made.filter(({ after }) => after === undefined);
    const isTrusted = (change: Change<L>) => isTrusting && isFresh(change);
    const trusted = made.filter(isTrusted);
    const checked = made.filter((change) => !isTrusted(change));
    const inserted = checked.filter(({ before }) => before === undefined);
    const updated = made.filter(({ before, after }) => before !== undefined && after !== undefined);
    const seen = this.#seen.map((column) => `seen_${column.name}`);
    const isAsSeen = this.#seen.map(compareColumn).join(" AND ");
    const asSeen = (of: readonly Change<L>[]) => {
      const rows = of.map(({ before }) => [literal(key.kind, key.get(before!)), ...this.#values(this.#seen, before!)]);
      return `FROM ${name} AS l JOIN ${rowsOf([key.name, ...seen], rows)} ON l.address = v.address WHERE ${isAsSeen}`;
    };
    const ended = made.filter(isEnd);
    if (ended.length > 0) statements.push(`SELECT l.address ${asSeen(ended)} FOR UPDATE`);
    if (deleted.length > 0) statements.push(`DELETE l ${asSeen(deleted)}`);
    const columns = table.columns.map((column) => column.name);
    const puts = [...columns, "claimant", "claim_stamp", "replaces"];
    // Whoever could not claim, or not give up what it has, is given nothing.
    const mayBePut = `(v.claimant IS NULL OR c.client IS NOT NULL) AND r.address IS NULL`;
    const joins = `LEFT JOIN ${claims} AS c ON c.client = v.claimant AND c.stamp = v.claim_stamp
      LEFT JOIN ${name} AS r ON r.address = v.replaces`;
    if (trusted.length > 0) {
      const rows = trusted.map(({ after }) => `(${this.#values(table.columns, after!).join(", ")})`);
      statements.push(`INSERT INTO ${name} (${columns.join(", ")}) VALUES ${rows.join(", ")}`);
    }
    if (inserted.length > 0) {
      const rows = inserted.map((change) => this.#put(change));
      statements.push(
        `INSERT INTO ${name} (${columns.join(", ")}) SELECT ${columns.map((column) => `v.${column}`).join(", ")}
        FROM ${rowsOf(puts, rows)} ${joins} WHERE ${mayBePut} ON DUPLICATE KEY UPDATE ${name}.address = ${name}.address`,
      );
    }
    if (updated.length > 0) {
      const rows = updated.map((change) => [...this.#put(change), ...this.#values(this.#seen, change.before!)]);
      const sets = columns.slice(1).map((column) => `l.${column} = v.${column}`);
      statements.push(
        `UPDATE ${name} AS l JOIN ${rowsOf([...puts, ...seen], rows)} ON l.address = v.address ${joins}
        SET ${sets.join(", ")} WHERE ${isAsSeen} AND ${mayBePut}`,
      );
    }
    if (checked.length > 0) {
      statements.push(`SELECT ${this.#select} FROM ${name} WHERE address IN ${inList(checked.map(addressIn))}`);
    }
    statements.push(...END);
    const results = await this.#session.connection.writing.run(statements);
    if (checked.length === 0) return new Set();
    const endedHere = new Set(
      ended.length === 0 ? [] : results[0]!.map(([each]) => literal(key.kind, readValue(key.kind, each))),
    );
    // What stands there now tells what has been done: whose it is, and until when.
    const standing = new Map(this.#read(results.at(-1)!).map((lease) => [this.#family.keyOf(lease), lease]));
    const isDone = ({ change, address }: (typeof ordered)[number]) => {
      if (isTrusted(change)) return true;
      if (isEnd(change)) return endedHere.has(address);
      const { before, after } = change;
      const lease = standing.get(this.#family.keyOf((before ?? after)!));
      if (lease === undefined || after === undefined) return false;
      return this.#values(this.#seen, lease).join() === this.#values(this.#seen, after).join();
    };
    return new Set(ordered.filter((each) => !isDone(each)).map(({ index }) => index));
  }

  /** A claim stands where nobody has claimed anything since it was looked at. @param isTrusting as of `#tryCommit` */
  #claimStatements(changes: readonly Change<L>[], isTrusting: boolean): string[] {
    const { claims } = this.#family.table;
    const claim = ({ name, place }: Claim) => [literal("bytes", bytesOf(name)), literal("bytes", Buffer.from(place))];
    const newClaim = (each: NewClaim) => [...claim(each), literal("number", each.stamp)];
    const given = sortByName(new Set(changes.flatMap(({ claim: each }) => each ?? [])));
    const first = given.filter(({ seen }) => seen === undefined).map(newClaim);
    const moved = given
      .filter(({ seen }) => seen !== undefined)
      .map((each) => [...newClaim(each), literal("number", each.seen!)]);
    const unclaimed = sortByName(changes.flatMap((change) => change.unclaimed ?? [])).map(claim);
    return [
      ...(first.length === 0
        ? []
        : [
            `INSERT INTO ${claims} (client, place, stamp) VALUES ${first.map((row) => `(${row.join(", ")})`).join(", ")}
            ${isTrusting ? "" : `ON DUPLICATE KEY UPDATE stamp = ${claims}.stamp`}`,
          ]),
      ...(moved.length === 0
        ? []
        : [
            `UPDATE ${claims} AS c JOIN ${rowsOf(["client", "place", "stamp", "seen"], moved)} ON c.client = v.client
            SET c.place = v.place, c.stamp = v.stamp WHERE c.stamp = v.seen`,
          ]),
      ...(unclaimed.length === 0
        ? []
        : [
            `DELETE c FROM ${claims} AS c JOIN ${rowsOf(["client", "place"], unclaimed)}
            ON c.client = v.client AND c.place = v.place`,
          ]),
    ];
  }

  #put({ after, claim, replaces }: Change<L>): string[] {
    const { columns } = this.#family.table;
    const key = columns[0]!;
    return [
      ...this.#values(columns, after!),
      claim === undefined ? "NULL" : literal("bytes", bytesOf(claim.name)),
      literal("number", claim?.stamp ?? null),
      replaces === undefined ? "NULL" : literal(key.kind, key.get(replaces)),
    ];
  }

  #values(columns: readonly SqlColumn<L>[], lease: L): string[] {
    return columns.map(({ kind, get }) => literal(kind, get(lease)));
  }

  /**
   * Only addresses are sorted: a table in between that holds texts would be made on disk. For one name there is none. The
   * index is named, for where statistics are older than the leases the server would rather go through the whole table.
   */
  #latestOf(column: string, names: readonly string[]): string {
    const { table, clientIndexes } = this.#family;
    const indexed = `${table.name} FORCE INDEX (${clientIndexes[column]})`;
    if (names.length === 1) {
      return `SELECT ${this.#select} FROM ${indexed} WHERE ${column} = ${names[0]} ORDER BY expire DESC LIMIT ${CLIENT_LEASES}`;
    }
    return `SELECT ${this.#select} FROM (SELECT address AS place, ROW_NUMBER() OVER (PARTITION BY ${column} ORDER BY expire DESC) AS latest
      FROM ${indexed} WHERE ${column} IN ${inList(names)}) AS l JOIN ${table.name} ON address = place WHERE latest <= ${CLIENT_LEASES}`;
  }

  #overQuery({ range, now }: Search<Key, Range>): string {
    const { table, boundsOf } = this.#family;
    const { kind } = table.columns[0]!;
    const { first, last, excluded } = boundsOf(range);
    const isInRange = `address BETWEEN ${literal(kind, first)} AND ${literal(kind, last)}
      AND ${isNotIn(excluded.map((each) => literal(kind, each)))}`;
    return ["state = 2", `state IN (0, 1) AND ${isOver(now)}`]
      .map(
        (condition) => `(SELECT ${this.#select} FROM ${table.name} WHERE ${condition} AND ${isInRange} LIMIT ${OVER})`,
      )
      .join(" UNION ALL ");
  }

  async #list(rest: string): Promise<readonly L[]> {
    const statement = `SELECT ${this.#select} FROM ${this.#family.table.name} ${rest}`;
    const [rows] = await this.#session.connection.reading.run([statement]);
    return this.#read(rows!);
  }

  #read(rows: Rows): L[] {
    const { columns, read } = this.#family.table;
    return rows.flatMap((row) => read(columns.map(({ kind }, i) => readValue(kind, row[i]))) ?? []);
  }
}

/** Whether a lease and its claim come where nothing was seen: then there is nothing to compare them with. */
function isFresh<L>({ before, claim, replaces }: Change<L>): boolean {
  return before === undefined && claim?.seen === undefined && replaces === undefined;
}

/** Whether it ends what was held: others may do just the same, and only one of them is to say that it has. */
function isEnd<L extends Lease>({ before, after }: Change<L>): boolean {
  return before !== undefined && (after === undefined || after.state === LeaseState.reclaimed);
}

function isOver(now: Seconds): string {
  return `valid_lifetime <> ${INFINITE_LIFETIME} AND expire <= ${literal("time", now)}`;
}

/** Nothing is in the empty list, which SQL does not know. */
export function inList(values: readonly string[]): string {
  return `(${values.length === 0 ? "NULL" : values.join(", ")})`;
}

function bytesOf(name: string): Uint8Array {
  return Buffer.from(name, "latin1");
}

function nameOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function sortByName<C extends Claim>(claims: Iterable<C>): C[] {
  return [...claims].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function isNotIn(values: readonly string[], address = "address"): string {
  return values.length === 0 ? "TRUE" : `${address} NOT IN (${values.join(", ")})`;
}
