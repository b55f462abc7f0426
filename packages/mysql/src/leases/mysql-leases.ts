/** The leases of one family in a MySQL or MariaDB database with Kea's schema. */
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
import { asKeptBy, heldQuery, readState, tallyQuery } from "@kotare/core/leases/database/sql-columns";
import type { LeaseLimits } from "@kotare/core/leases/limits/lease-limits";
import type { Lease } from "@kotare/core/leases/model/lease";
import type { LeaseLimit } from "@kotare/core/leases/model/lease-limit";
import type { LeaseMark, LeaseTally } from "@kotare/core/leases/model/lease-store";
import type { Connection, Rows } from "../connection.ts";
import { LAST_TIME, literal, readIdentifier, readValue } from "../sql-text.ts";
import { CommitStatements, inOrder, isEnd, isFresh, type Numbered } from "./commit-statements.ts";
import type { MysqlFamily } from "./mysql-family.ts";
import { Queries } from "./queries.ts";

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
/** An address or a client that was nobody's is somebody's. */
const DUPLICATE = 1062;

export class MysqlLeases<L extends Lease, Key, Range> implements LeaseDatabase<L, Key, Range> {
  readonly #family: MysqlFamily<L, Key, Range>;
  readonly #session: Reconnecting<Session<Connection>>;
  readonly #onRefused: OnRefused<L>;
  readonly #queries: Queries<L, Key, Range>;
  readonly #commitStatements: CommitStatements<L>;

  constructor(family: MysqlFamily<L, Key, Range>, session: Reconnecting<Session<Connection>>, onRefused: OnRefused<L>) {
    this.#family = family;
    this.#session = session;
    this.#onRefused = onRefused;
    this.#queries = new Queries(family);
    this.#commitStatements = new CommitStatements(family.table);
  }

  get keepsRegistered(): boolean {
    return this.#session.isConnected && this.#session.connection.schema >= REGISTERED_SINCE;
  }

  async load(wanted: Wanted<Key, Range>): Promise<Loaded<L>> {
    const { claims, leases, crossed, counts } = this.#queries.load(wanted);
    const results = await this.#session.connection.reading.run([...claims, ...leases, ...crossed, ...counts]);
    const [stamps, ...rest] = results;
    const counted = rest.splice(leases.length + crossed.length);
    return {
      claims: new Map(stamps!.map(([client, stamp]) => [readIdentifier(client), Number(stamp)])),
      leases: rest.slice(0, leases.length).flatMap((rows) => this.#read(rows)),
      crossed: rest.slice(leases.length).flatMap((rows) => this.#read(rows)),
      counts: readCounts([...wanted.limits], counted),
    };
  }

  async search(search: Search<Key, Range>): Promise<SearchResult<L, Key>> {
    const { gapQuery, readGap, keyOf } = this.#family;
    const statements = [this.#queries.over(search), ...(search.spans.length === 0 ? [] : [gapQuery(search)])];
    const [over, gaps = []] = await this.#session.connection.searching.run(statements);
    return { gap: readGap(gaps, search), over: this.#read(over!).map((lease) => ({ key: keyOf(lease), lease })) };
  }

  commit(changes: readonly Change<L>[], limits?: LeaseLimits): Promise<ReadonlySet<number>> {
    return this.#tryCommit(changes, true, limits);
  }

  /** @param isTrusting whether what was nobody's is taken to be so still, which costs half; where it is not, nothing is made */
  async #tryCommit(
    changes: readonly Change<L>[],
    isTrusting: boolean,
    limits: LeaseLimits | undefined,
  ): Promise<ReadonlySet<number>> {
    try {
      return await this.#commit(changes, isTrusting, new LimitedGifts(changes, limits));
    } catch (error) {
      const { errno = 0, sqlState = "" } = error as { errno?: number; sqlState?: string };
      if (sqlState !== "") await this.#undo();
      if (LOST_RACES.has(errno)) return new Set(changes.keys());
      if (isTrusting && errno === DUPLICATE) return await this.#tryCommit(changes, false, limits);
      // Something in it cannot be stored (classes 22 and 23): the others of the batch can.
      if (!/^2[23]/.test(sqlState)) throw error;
      const units = unitsOf(changes);
      if (units.length === 1) {
        if (errno !== DUPLICATE)
          this.#onRefused(changes.find(({ after }) => after !== undefined) ?? changes[0]!, error as Error);
        return new Set(changes.keys());
      }
      const taken = new Set<number>();
      for (const unit of units) {
        const made = unit.map((index) => changes[index]!);
        for (const index of await this.commit(made, limits)) taken.add(unit[index]!);
      }
      return taken;
    }
  }

  async #commit(
    changes: readonly Change<L>[],
    isTrusting: boolean,
    gifts: LimitedGifts<L>,
  ): Promise<ReadonlySet<number>> {
    const excess = await this.#beginCounted(gifts);
    const ordered = inOrder(this.#family.table, changes).filter(({ index }) => !excess.has(index));
    const made = ordered.map(({ change }) => change);
    const checked = ordered.filter(({ change }) => !isTrusting || !isFresh(change));
    const results = await this.#session.connection.writing.run([
      ...(gifts.areCounted ? [] : BEGIN),
      ...this.#commitStatements.all(made, isTrusting),
      ...(checked.length === 0 ? [] : [this.#queries.at(checked.map(({ address }) => address))]),
      ...END,
    ]);
    if (checked.length === 0) return excess;
    const { kind } = this.#family.table.columns[0]!;
    const ended = made.some(isEnd) ? results[0]! : [];
    const endedHere = new Set(ended.map(([address]) => literal(kind, readValue(kind, address))));
    // What stands there now tells what has been done: whose it is, and until when.
    const standing = new Map(this.#read(results.at(-1)!).map((lease) => [this.#family.keyOf(lease), lease]));
    const isDone = ({ change, address }: Numbered<L>) => {
      const { before, after, replacement } = change;
      const lease = standing.get(this.#family.keyOf((after ?? before)!));
      if (isEnd(change)) return endedHere.has(address) && (replacement === undefined || lease === undefined);
      return lease !== undefined && this.#commitStatements.isSame(lease, after!);
    };
    return new Set([...excess, ...checked.filter((each) => !isDone(each)).map(({ index }) => index)]);
  }

  /** Where limits count what changes, begins the transaction: nobody else counts until it is over. @returns the indexes of what is too much */
  async #beginCounted(gifts: LimitedGifts<L>): Promise<ReadonlySet<number>> {
    const { limits } = gifts;
    if (!gifts.areCounted) return new Set();
    const results = await this.#session.connection.writing.run([
      ...BEGIN,
      this.#queries.turn(),
      ...limits.map((limit) => this.#queries.inUse(limit)),
    ]);
    return gifts.excess(readCounts(limits, results));
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
    return await this.#list(this.#queries.expired(now, limit));
  }

  async forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]> {
    return await this.#list(this.#queries.forgettable(now - holdReclaimed, limit));
  }

  async page(after: Key | undefined, limit: number, type?: number): Promise<readonly L[]> {
    return await this.#list(this.#queries.page(after, limit, type));
  }

  async marked(mark: LeaseMark, after: Key | undefined, limit: number): Promise<readonly L[]> {
    return await this.#list(this.#queries.marked(mark, after, limit));
  }

  async tally(): Promise<readonly LeaseTally[]> {
    return await this.#count(tallyQuery(this.#family.table));
  }

  async countHeld(): Promise<readonly LeaseTally[]> {
    return await this.#count(heldQuery(this.#family.table));
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  async #count(query: string): Promise<readonly LeaseTally[]> {
    const [rows] = await this.#session.connection.searching.run([query]);
    return rows!.map((row) => {
      const [count, subnetId, poolId, state, type] = row.map(Number) as [number, number, number, number, number?];
      return { count, subnetId, poolId, state: readState(state), type: type as LeaseTally["type"] };
    });
  }

  async #list(query: string): Promise<readonly L[]> {
    const [rows] = await this.#session.connection.reading.run([query]);
    return this.#read(rows!);
  }

  #read(rows: Rows): L[] {
    const { columns, read } = this.#family.table;
    return rows.flatMap((row) => read(columns.map(({ kind }, i) => readValue(kind, row[i]))) ?? []);
  }
}

/** One row of one number for each limit. */
function readCounts(limits: readonly LeaseLimit[], results: readonly Rows[]): ReadonlyMap<LeaseLimit, number> {
  return new Map(limits.map((limit, i) => [limit, Number(results[i]![0]![0])]));
}
