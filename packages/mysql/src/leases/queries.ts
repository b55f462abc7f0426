/** The statements that look for leases in one table. */
import type { Seconds } from "@kotare/core/base/clock";
import type { Search, Wanted } from "@kotare/core/leases/database/lease-database";
import { IS_ENDED_LATER, IS_HELD, IS_RECLAIMED, isMarked } from "@kotare/core/leases/database/sql-columns";
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import type { LeaseLimit } from "@kotare/core/leases/model/lease-limit";
import { CLIENT_LEASES, type LeaseMark } from "@kotare/core/leases/model/lease-store";
import { identifierLiteral, inList, isNotIn, literal, selectColumn } from "../sql-text.ts";
import type { MysqlFamily } from "./mysql-family.ts";

/** Of leases that are over so many at a time. */
const OVER = 1024;

export class Queries<L, Key, Range> {
  /** The columns of a lease. */
  readonly #select: string;
  readonly #family: MysqlFamily<L, Key, Range>;

  constructor(family: MysqlFamily<L, Key, Range>) {
    this.#family = family;
    this.#select = family.table.columns.map((column) => selectColumn(column)).join(", ");
  }

  /** One gives the claims, as client and stamp; the last ones count leases, the others give them. */
  load({
    keys,
    identifiers,
    crossings,
    limits,
  }: Wanted<Key, Range>): Record<"claims" | "leases" | "crossed" | "counts", readonly string[]> {
    const { table, isAmong, crossedQuery } = this.#family;
    const clients = inList([...identifiers].map(identifierLiteral));
    const latest = [...table.identifierColumns].map(([kind, column]) => {
      const theirs = [...identifiers]
        .filter((identifier) => identifier.startsWith(kind))
        .map((identifier) => identifierLiteral(identifier.slice(1)));
      return theirs.length === 0 ? [] : [this.#latestOf(column, theirs)];
    });
    return {
      claims: [`SELECT client, stamp FROM ${table.claims} WHERE client IN ${clients}`],
      leases: [...(keys.size > 0 ? [this.#list(`WHERE ${isAmong(keys)}`)] : []), ...latest.flat()],
      crossed: crossings.flatMap((range) => crossedQuery?.(range, this.#select) ?? []),
      counts: [...limits].map((limit) => this.inUse(limit)),
    };
  }

  /** Leases of the range that are reclaimed or over. */
  over({ range, now }: Search<Key, Range>): string {
    const { table, boundsOf } = this.#family;
    const { kind } = table.columns[0]!;
    const { first, last, excluded } = boundsOf(range);
    const isInRange = `address BETWEEN ${literal(kind, first)} AND ${literal(kind, last)}
      AND ${isNotIn(excluded.map((each) => literal(kind, each)))}`;
    return [`state ${IS_RECLAIMED}`, `state ${IS_HELD} AND ${isOver(now)}`]
      .map((condition) => `(${this.#list(`WHERE ${condition} AND ${isInRange} LIMIT ${OVER}`)})`)
      .join(" UNION ALL ");
  }

  expired(now: Seconds, limit: number): string {
    return this.#list(`WHERE state ${IS_ENDED_LATER} AND ${isOver(now)} ORDER BY expire LIMIT ${limit}`);
  }

  /** Reclaimed leases that ended by then. */
  forgettable(ended: Seconds, limit: number): string {
    return this.#list(
      `WHERE state ${IS_RECLAIMED} AND expire <= ${literal("time", ended)} ORDER BY expire LIMIT ${limit}`,
    );
  }

  page(after: Key | undefined, limit: number, type: number | undefined): string {
    return this.#page(after, limit, type === undefined ? [] : [`lease_type = ${type}`]);
  }

  /** Kea's column of names knows no upper and lower case. */
  marked(mark: LeaseMark, after: Key | undefined, limit: number): string {
    const { table } = this.#family;
    const value = mark.kind === "hostname" ? literal("text", mark.name) : literal("bytes", mark.id);
    return this.#page(after, limit, [isMarked(table, mark, value, (name) => `hostname = ${name}`)]);
  }

  #page(after: Key | undefined, limit: number, conditions: readonly string[]): string {
    const { table, addressOf } = this.#family;
    const behind = after === undefined ? [] : [`address > ${literal(table.columns[0]!.kind, addressOf(after))}`];
    const all = [...conditions, ...behind];
    const where = all.length === 0 ? "" : `WHERE ${all.join(" AND ")}`;
    return this.#list(`${where} ORDER BY address LIMIT ${limit}`);
  }

  /** Leases at these addresses, as literals. */
  at(addresses: readonly string[]): string {
    return this.#list(`WHERE address IN ${inList(addresses)}`);
  }

  /** How many leases a limit counts, by Kea's statistics. */
  inUse({ of, type }: LeaseLimit): string {
    const [table, where] =
      typeof of === "number"
        ? ["stat", `state = 0 AND subnet_id = ${of}`]
        : ["stat_by_client_class", `client_class = ${literal("text", of)}`];
    const typed = this.#hasTypes ? ` AND lease_type = ${type}` : "";
    return `SELECT COALESCE(SUM(leases), 0) FROM ${this.#family.table.name}_${table} WHERE ${where}${typed}`;
  }

  /** Until its transaction ends, nobody else gets by: the row in the table of claims is nobody's. */
  turn(): string {
    return `INSERT INTO ${this.#family.table.claims} (client, place, stamp) VALUES ('', '', 0)
      ON DUPLICATE KEY UPDATE stamp = stamp + 1`;
  }

  get #hasTypes(): boolean {
    return this.#family.table.columns.some(({ name }) => name === "lease_type");
  }

  /**
   * Only addresses are sorted: a table in between that holds texts would be made on disk. For one client there is none. The
   * index is named, for where statistics are older than the leases the server would rather go through the whole table.
   */
  #latestOf(column: string, identifiers: readonly string[]): string {
    const { table, clientIndexes } = this.#family;
    const indexed = `${table.name} FORCE INDEX (${clientIndexes[column]})`;
    if (identifiers.length === 1) {
      return `SELECT ${this.#select} FROM ${indexed} WHERE ${column} = ${identifiers[0]} ORDER BY expire DESC LIMIT ${CLIENT_LEASES}`;
    }
    return `SELECT ${this.#select} FROM (SELECT address AS found, ROW_NUMBER() OVER (PARTITION BY ${column} ORDER BY expire DESC) AS latest
      FROM ${indexed} WHERE ${column} IN ${inList(identifiers)}) AS l JOIN ${table.name} ON address = found WHERE latest <= ${CLIENT_LEASES}`;
  }

  #list(rest: string): string {
    return `SELECT ${this.#select} FROM ${this.#family.table.name} ${rest}`;
  }
}

function isOver(now: Seconds): string {
  return `valid_lifetime <> ${INFINITE_LIFETIME} AND expire <= ${literal("time", now)}`;
}
