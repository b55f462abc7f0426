/** The leases of one family in a PostgreSQL database with Kea's schema. */
import type { Seconds } from "@kotare/core/base/clock";
import type { Session } from "@kotare/core/databases/database-session";
import type { Reconnecting } from "@kotare/core/databases/reconnecting";
import { LimitedGifts } from "@kotare/core/leases/database/changes/limited-gifts";
import { REGISTERED_SINCE } from "@kotare/core/leases/database/kea-schema";
import {
  type Change,
  type LeaseDatabase,
  type Loaded,
  type OnRefused,
  type Search,
  type SearchResult,
  unitsOf,
  type Wanted,
} from "@kotare/core/leases/database/lease-database";
import {
  asKeptBy,
  heldQuery,
  isMarked,
  readState,
  type SqlKind,
  type SqlTable,
  type SqlValue,
  tallyQuery,
} from "@kotare/core/leases/database/sql-columns";
import type { LeaseLimits } from "@kotare/core/leases/limits/lease-limits";
import type { Lease } from "@kotare/core/leases/model/lease";
import type { LeaseMark, LeaseTally } from "@kotare/core/leases/model/lease-store";
import { DatabaseError } from "pg";
import type { Connection, Query, Rows } from "../connection.ts";
import { formatArray, readValue, selectColumn } from "../sql-text.ts";
import { addressIn, bytesOf, commitValues, inOrder } from "./commit-values.ts";
import { inUseQuery, readCounts, turnQuery } from "./limit-queries.ts";
import { isNamed, makeStatements, type Statements } from "./statements.ts";

/** What is a family's own. */
export interface PostgresqlFamily<L, Key, Range> {
  readonly table: SqlTable<L>;
  keyOf(lease: L): Key;
  /** The value of the address column. */
  addressOf(key: Key): SqlValue;
  /** The first key in the spans without a lease: what to ask, and what the answer says; of no spans nothing is asked. */
  gapQuery(search: Search<Key, Range>): Query;
  readGap(rows: Rows, search: Search<Key, Range>): Key | undefined;
  /** What finds prefixes of other lengths that cross the ranges. */
  crossedQuery?(ranges: readonly Range[]): Query;
  boundsOf(range: Range): { readonly first: SqlValue; readonly last: SqlValue; readonly excluded: readonly SqlValue[] };
}

/** The database has undone the statement because others were at the same rows. */
const LOST_RACES = new Set(["40001", "40P01"]);
/** Something in the statement cannot be stored (classes 22 and 23): the others of the batch can. */
const REFUSAL = /^2[23]/;
const BEGIN: Query = { name: "", text: "BEGIN", values: [] };
const END: Query = { name: "", text: "COMMIT", values: [] };
const ROLLBACK: Query = { name: "", text: "ROLLBACK", values: [] };
/** Somebody else has put a row there meanwhile: a race, too. */
const DUPLICATE = "23505";

export class PostgresqlLeases<L extends Lease, Key, Range> implements LeaseDatabase<L, Key, Range> {
  readonly #family: PostgresqlFamily<L, Key, Range>;
  readonly #statements: Statements;
  readonly #session: Reconnecting<Session<Connection>>;
  readonly #onRefused: OnRefused<L>;

  constructor(
    family: PostgresqlFamily<L, Key, Range>,
    session: Reconnecting<Session<Connection>>,
    onRefused: OnRefused<L>,
  ) {
    this.#family = family;
    this.#statements = makeStatements(family.table);
    this.#session = session;
    this.#onRefused = onRefused;
  }

  get keepsRegistered(): boolean {
    return this.#session.isConnected && this.#session.connection.schema >= REGISTERED_SINCE;
  }

  async load({ keys, identifiers, crossings, limits }: Wanted<Key, Range>): Promise<Loaded<L>> {
    const { table, addressOf } = this.#family;
    const kind = table.columns[0]!.kind;
    const byColumn = [...table.identifierColumns.keys()].map((prefix) =>
      [...identifiers]
        .filter((identifier) => identifier.startsWith(prefix))
        .map((identifier) => bytesOf(identifier.slice(1))),
    );
    const queries = [
      this.#query("load", this.#statements.load, [
        formatArray("bytes", [...identifiers].map(bytesOf)),
        formatArray(kind, [...keys].map(addressOf)),
        ...byColumn.map((of) => formatArray("bytes", of)),
      ]),
    ];
    const crossed = crossings.length > 0 ? this.#family.crossedQuery?.(crossings) : undefined;
    if (crossed !== undefined) queries.push(crossed);
    const counts = [...limits].map((limit) => inUseQuery(this.#counted, limit));
    const results = await this.#session.connection.reading.run([...queries, ...counts]);
    const claims = new Map<string, number>();
    const leases: (readonly unknown[])[] = [];
    for (const [client, stamp, ...lease] of results[0]!) {
      if (client instanceof Uint8Array) claims.set(identifierOf(client), Number(stamp));
      else leases.push(lease);
    }
    return {
      leases: this.#read(leases),
      claims,
      crossed: crossed === undefined ? [] : this.#read(results[queries.indexOf(crossed)]!),
      counts: readCounts([...limits], results.slice(queries.length)),
    };
  }

  async search(search: Search<Key, Range>): Promise<SearchResult<L, Key>> {
    const { gapQuery, readGap, keyOf } = this.#family;
    const queries = [this.#overQuery(search), ...(search.spans.length === 0 ? [] : [gapQuery(search)])];
    const [over, gaps = []] = await this.#session.connection.searching.run(queries);
    return { gap: readGap(gaps, search), over: this.#read(over!).map((lease) => ({ key: keyOf(lease), lease })) };
  }

  async commit(changes: readonly Change<L>[], limits?: LeaseLimits): Promise<ReadonlySet<number>> {
    const gifts = new LimitedGifts(changes, limits);
    try {
      return gifts.areCounted ? await this.#commitCounted(changes, gifts) : await this.#commit(changes);
    } catch (error) {
      const { code = "" } = error instanceof DatabaseError ? error : {};
      if (LOST_RACES.has(code)) return new Set(changes.keys());
      if (!REFUSAL.test(code)) throw error;
      const units = unitsOf(changes);
      if (units.length > 1) return await this.#commitApart(changes, units, limits);
      if (code !== DUPLICATE)
        this.#onRefused(changes.find(({ after }) => after !== undefined) ?? changes[0]!, error as Error);
      return new Set(changes.keys());
    }
  }

  asKept(lease: L): L {
    return asKeptBy(this.#family.table, lease);
  }

  async expired(now: Seconds, limit: number): Promise<readonly L[]> {
    return await this.#list("expired", this.#statements.expired, [now, limit]);
  }

  async forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]> {
    return await this.#list("forgettable", this.#statements.forgettable, [now - holdReclaimed, limit]);
  }

  async page(after: Key | undefined, limit: number, type?: number): Promise<readonly L[]> {
    return await this.#page(after, limit, type === undefined ? [] : [`lease_type = ${type}`]);
  }

  async marked(mark: LeaseMark, after: Key | undefined, limit: number): Promise<readonly L[]> {
    const { table } = this.#family;
    const value = mark.kind === "hostname" ? mark.name : Buffer.from(mark.id);
    const where = isMarked(table, mark, "$1", isNamed);
    // `OFFSET` keeps it apart from the order, by which the server would go through all leases.
    return await this.#page(after, limit, [], `(SELECT * FROM ${table.name} WHERE ${where} OFFSET 0) AS l`, [value]);
  }

  async #page(
    after: Key | undefined,
    limit: number,
    conditions: readonly string[],
    from = this.#family.table.name,
    values: readonly unknown[] = [],
  ): Promise<readonly L[]> {
    const { table, addressOf } = this.#family;
    const select = table.columns.map((column) => selectColumn(column)).join(", ");
    const behind = after === undefined ? [] : [`address > '${textOf(table.columns[0]!, addressOf(after))}'`];
    const all = [...conditions, ...behind];
    const where = all.length === 0 ? "" : `WHERE ${all.join(" AND ")}`;
    return await this.#list("", `SELECT ${select} FROM ${from} ${where} ORDER BY address LIMIT ${limit}`, values);
  }

  async tally(): Promise<readonly LeaseTally[]> {
    return await this.#count("tally", tallyQuery(this.#family.table));
  }

  async countHeld(): Promise<readonly LeaseTally[]> {
    return await this.#count("held", heldQuery(this.#family.table));
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /** What is too much is left out. Nobody else counts until this is over. */
  async #commitCounted(changes: readonly Change<L>[], gifts: LimitedGifts<L>): Promise<ReadonlySet<number>> {
    const { limits } = gifts;
    const { writing } = this.#session.connection;
    try {
      const queries = limits.map((limit) => inUseQuery(this.#counted, limit));
      const [, , ...counts] = await writing.run([BEGIN, turnQuery(this.#counted), ...queries]);
      const excess = gifts.excess(readCounts(limits, counts));
      const kept = [...changes.keys()].filter((index) => !excess.has(index));
      const taken = await this.#commit(
        kept.map((index) => changes[index]!),
        [END],
      );
      return new Set([...excess, ...[...taken].map((index) => kept[index]!)]);
    } catch (error) {
      if (error instanceof DatabaseError) await writing.run([ROLLBACK]);
      throw error;
    }
  }

  get #counted() {
    const { name, claims, columns } = this.#family.table;
    return { name, claims, hasTypes: columns.some((column) => column.name === "lease_type") };
  }

  /** @param end what ends a transaction that has begun */
  async #commit(changes: readonly Change<L>[], end: readonly Query[] = []): Promise<ReadonlySet<number>> {
    const { table } = this.#family;
    const key = table.columns[0]!;
    const ordered = inOrder(key, changes);
    const { values, hasSides } = commitValues(
      table,
      ordered.map(([, change]) => change),
    );
    const query = hasSides
      ? this.#query("commit-sides", this.#statements.commitWithSides, values)
      : this.#query("commit", this.#statements.commit, values);
    const [rows] = await this.#session.connection.writing.run([query, ...end]);
    const done = new Set(rows!.map(([address]) => String(address)));
    return new Set(
      ordered.filter(([, change]) => !done.has(textOf(key, addressIn(key, change)))).map(([index]) => index),
    );
  }

  /** One change is refused: the others are made, each with those that it depends on. */
  async #commitApart(
    changes: readonly Change<L>[],
    units: readonly (readonly number[])[],
    limits: LeaseLimits | undefined,
  ): Promise<ReadonlySet<number>> {
    const taken = new Set<number>();
    for (const unit of units) {
      const made = unit.map((index) => changes[index]!);
      for (const index of await this.commit(made, limits)) taken.add(unit[index]!);
    }
    return taken;
  }

  async #count(name: string, text: string): Promise<readonly LeaseTally[]> {
    const [rows] = await this.#session.connection.searching.run([this.#query(name, text, [])]);
    return rows!.map((row) => readTally(row.map(Number)));
  }

  #overQuery({ range, now }: Search<Key, Range>): Query {
    const key = this.#family.table.columns[0]!;
    const { first, last, excluded } = this.#family.boundsOf(range);
    const values = [textOf(key, first), textOf(key, last), formatArray(key.kind, excluded), now];
    return this.#query("over", this.#statements.over, values);
  }

  async #list(name: string, text: string, values: readonly unknown[]): Promise<readonly L[]> {
    const [rows] = await this.#session.connection.reading.run([this.#query(name, text, values)]);
    return this.#read(rows!);
  }

  #query(name: string, text: string, values: readonly unknown[]): Query {
    return { name: name === "" ? "" : `${this.#family.table.name}-${name}`, text, values };
  }

  #read(rows: Rows): L[] {
    const { columns, read } = this.#family.table;
    return rows.flatMap((row) => read(columns.map(({ kind }, i) => readValue(kind, row[i]))) ?? []);
  }
}

/** DHCPv4 has no types of leases. */
function readTally([count, subnetId, poolId, state, type]: readonly number[]): LeaseTally {
  return {
    subnetId: subnetId!,
    poolId: poolId!,
    state: readState(state!),
    type: type as LeaseTally["type"],
    count: count!,
  };
}

function identifierOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** An address as the database gives it back. */
function textOf({ kind }: { readonly kind: SqlKind }, value: SqlValue): string {
  return formatArray(kind, [value]).slice(1, -1);
}
