/** The statements about one lease table: all of a batch in one. */

import {
  IS_ENDED_LATER,
  IS_HELD,
  IS_RECLAIMED,
  type SqlColumn,
  type SqlKind,
  type SqlTable,
} from "@kotare/core/leases/database/sql-columns";
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import { CLIENT_LEASES } from "@kotare/core/leases/model/lease-store";
import { compareColumn, selectColumn, storeColumn, TYPES } from "../sql-text.ts";

/** Of leases that are over so many at a time. */
const OVER = 1024;

/** A column of values that a statement takes as one parameter. */
interface Input {
  readonly name: string;
  readonly kind: SqlKind;
}

const CLIENT: Input = { name: "client", kind: "bytes" };
const PLACE: Input = { name: "place", kind: "text" };
const STAMP: Input = { name: "stamp", kind: "number" };
const SEEN: Input = { name: "seen", kind: "number" };

/** Beside the columns of a lease that is put. */
function putInputs<L>({ columns }: SqlTable<L>): readonly Input[] {
  return [
    { name: "claimant", kind: "bytes" },
    { name: "replaces", kind: columns[0]!.kind },
  ];
}

/** Numbers the parameters of a statement. */
class Parameters {
  #count = 0;

  /** Rows out of arrays, one array a column. */
  rows(inputs: readonly Input[], alias = "v"): string {
    const arrays = inputs.map(({ kind }) => this.array(kind)).join(", ");
    return `unnest(${arrays}) AS ${alias}(${inputs.map(({ name }) => name).join(", ")})`;
  }

  array(kind: SqlKind): string {
    return `$${++this.#count}::${TYPES[kind]}[]`;
  }
}

export interface Statements {
  /**
   * Leases and claims as of one moment, in one answer: each costs the server and us as much as many rows. Parameters: clients'
   * identifiers, keys, then the identifiers of each of the table's identifier columns. Returns a claim's client and stamp, then a lease's columns;
   * the one or the other.
   */
  readonly load: string;
  /**
   * Parameters: claims of clients that had none; claims with the stamps that were seen; what is claimed no more; then for
   * what is deleted, inserted and updated the columns, as `inputsOf` has them, and what it depends on. Returns the
   * addresses where it was done.
   */
  readonly commit: string;
  /** The same for leases with other rows in the side tables. Parameters besides, for each of these: addresses whose rows go; ids, and addresses. */
  readonly commitWithSides: string;
  /** Parameters: first, last, excluded addresses, now. */
  readonly over: string;
  /** Parameters: now, limit. */
  readonly expired: string;
  /** Parameters: the second in which what is forgotten has ended, limit. */
  readonly forgettable: string;
}

/** Whether the column has a name, in upper or lower case, as the index has it. @param name as a value of SQL */
export function isNamed(name: string): string {
  return `lower(hostname) = lower(${name}) AND hostname IS NOT NULL AND hostname <> ''`;
}

export interface Inputs<L> {
  readonly columns: readonly SqlColumn<L>[];
  readonly seen: readonly SqlColumn<L>[];
}

export function inputsOf<L>(table: SqlTable<L>): Inputs<L> {
  return { columns: table.columns, seen: table.columns.filter(({ isSeen }) => isSeen) };
}

export function makeStatements<L>(table: SqlTable<L>): Statements {
  const { columns, seen } = inputsOf(table);
  const key = columns[0]!;
  const select = columns.map((column) => selectColumn(column)).join(", ");
  const names = columns.map(({ name }) => name).join(", ");
  const { claims } = table;
  const isOver = `valid_lifetime <> ${INFINITE_LIFETIME} AND expire <= to_timestamp`;

  const load = new Parameters();
  const loads = [
    `SELECT client, stamp, ${columns.map(() => "NULL").join(", ")} FROM ${claims} WHERE client = ANY(${load.array("bytes")})`,
    `SELECT NULL, NULL, ${select} FROM ${table.name} WHERE address = ANY(${load.array(key.kind)})`,
  ];
  for (const column of table.identifierColumns.values()) {
    loads.push(
      `SELECT NULL, NULL, ${columns.map((each) => selectColumn(each, "l.")).join(", ")} FROM unnest(${load.array("bytes")}) AS c(identifier),
      LATERAL (SELECT * FROM ${table.name} WHERE ${column} = c.identifier ORDER BY expire DESC LIMIT ${CLIENT_LEASES}) AS l`,
    );
  }

  const commit = new Parameters();
  const seenInputs = seen.map(({ name, kind }) => ({ name: `seen_${name}`, kind }));
  const isAsSeen = `l.address = v.address AND ${seen.map(compareColumn).join(" AND ")}`;
  // Each is hashed once: so the claims are made first, then what is to be removed is held, and that goes where what replaces it stands.
  const mayBePut = `(v.claimant IS NULL OR v.claimant IN (SELECT client FROM claimed UNION ALL SELECT client FROM moved))
    AND (v.replaces IS NULL OR v.replaces IN (SELECT address FROM held))`;
  const puts = putInputs(table);
  const sets = columns.slice(1).map((column) => `${column.name} = ${storeColumn(column)}`);
  const commits = `WITH claimed AS (
      INSERT INTO ${claims} (client, place, stamp) SELECT * FROM ${commit.rows([CLIENT, PLACE, STAMP])}
      ON CONFLICT DO NOTHING RETURNING client
    ), moved AS (
      UPDATE ${claims} AS c SET place = v.place, stamp = v.stamp FROM ${commit.rows([CLIENT, PLACE, STAMP, SEEN])}
      WHERE c.client = v.client AND c.stamp = v.seen RETURNING c.client
    ), unclaimed AS (
      DELETE FROM ${claims} AS c USING ${commit.rows([CLIENT, PLACE])} WHERE c.client = v.client AND c.place = v.place
    ), held AS (
      SELECT l.address, v.replacement FROM ${table.name} AS l, ${commit.rows([key, { name: "replacement", kind: key.kind }, ...seenInputs])}
      WHERE ${isAsSeen} FOR UPDATE OF l
    ), inserted AS (
      INSERT INTO ${table.name} (${names})
      SELECT ${columns.map(storeColumn).join(", ")} FROM ${commit.rows([...columns, ...puts])} WHERE ${mayBePut}
      ON CONFLICT (address) DO NOTHING RETURNING address
    ), updated AS (
      UPDATE ${table.name} AS l SET ${sets.join(", ")} FROM ${commit.rows([...columns, ...puts, ...seenInputs])}
      WHERE ${isAsSeen} AND ${mayBePut} RETURNING l.address
    ), put AS (
      SELECT address FROM inserted UNION ALL SELECT address FROM updated
    ), deleted AS (
      DELETE FROM ${table.name} AS l USING held WHERE l.address = held.address
      AND (held.replacement IS NULL OR held.replacement IN (SELECT address FROM put)) RETURNING l.address
    ), done AS (
      SELECT address FROM put UNION ALL SELECT address FROM deleted
    )`;
  const done = `SELECT ${selectColumn(key)} FROM done`;
  const sides = table.sideTables.map(
    ({ name, column }) => `, ${name}_forgotten AS (
      DELETE FROM ${name} AS i USING ${commit.rows([key])} WHERE i.lease_addr = v.address AND v.address IN (SELECT address FROM done)
    ), ${name}_noted AS (
      INSERT INTO ${name} (${column}, lease_addr) SELECT v.id, v.address FROM ${commit.rows([{ name: "id", kind: "bytes" }, key])}
      WHERE v.address IN (SELECT address FROM done)
    )`,
  );
  return {
    load: loads.join(" UNION ALL "),
    commit: `${commits} ${done}`,
    commitWithSides: `${commits}${sides.join("")} ${done}`,
    // By state and time, which OFFSET keeps apart from the rest: by addresses it would go through all of a pool.
    over: [`state ${IS_RECLAIMED}`, `state ${IS_HELD} AND ${isOver}($4)`]
      .map(
        (condition) => `(SELECT ${select} FROM
        (SELECT * FROM ${table.name} WHERE ${condition} AND $4::int8 IS NOT NULL OFFSET 0) AS l
        WHERE address BETWEEN $1 AND $2 AND address <> ALL($3) LIMIT ${OVER})`,
      )
      .join(" UNION ALL "),
    expired: `SELECT ${select} FROM ${table.name} WHERE state ${IS_ENDED_LATER} AND ${isOver}($1) ORDER BY expire LIMIT $2`,
    forgettable: `SELECT ${select} FROM ${table.name} WHERE state ${IS_RECLAIMED} AND expire <= to_timestamp($1)
      ORDER BY expire LIMIT $2`,
  };
}
