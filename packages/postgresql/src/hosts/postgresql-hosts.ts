/** How reservations are asked for in PostgreSQL. */
import type { SqlDialect } from "@kotare/core/hosts/sql/sql-dialect";
import { type SqlPart, type SqlStatement, sql } from "@kotare/core/hosts/sql/sql-statement";
import type { SqlKind, SqlValue } from "@kotare/core/leases/database/sql-columns";
import { DatabaseError } from "pg";
import type { Connection, Query } from "../connection.ts";
import { formatArray, TYPES } from "../sql-text.ts";

/** SQLSTATE. */
const UNIQUE_VIOLATION = "23505";
/** Characters that the database's encoding does not have. */
const NO_TEXT = "22P05";

/** Of statements, by their texts. */
const names = new Map<string, string>();
/** There are fewer texts than that, but for those that list values: such a text may be used once. */
const PREPARED = 100;

const STORED_AS = { address4: "inet", pool6: "inet", json: "json", real: "float8" } as const;

export const postgresql: SqlDialect<Connection> = {
  run: (connection, statements) => connection.run(statements.map(toQuery)),
  change: (connection, statement) => connection.change(toQuery(statement)),
  joinInOrder: "JOIN",
  hex: (column) => `upper(encode(${column}, 'hex'))`,
  ipv4: (column) => `host(${column})`,
  ipv6: (column) => `host(${column})`,
  poolAddress6: (column) => `host(${column})`,
  // `4o6-interface` is `interface_4o6`.
  columnName: (name) => name.replace(/^(4o6)_(.*)$/, "$2_$1"),
  jsonText: (column) => `${column}::text`,
  greatestDefinedCode: 32767,
  call: "SELECT",
  store: (as, text) => sql`${text}::${STORED_AS[as]}`,
  beginSnapshot: [
    sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`,
    // Whole tables are read in it: a connection's settings are those for a few rows of big ones.
    sql`SET LOCAL enable_seqscan = on`,
    sql`SET LOCAL enable_hashjoin = on`,
  ],
  jsonRow: (columns) => `json_build_array(${columns.join(", ")})::text`,
  jsonRows: (columns) => `json_agg(json_build_array(${columns.join(", ")}))`,
  isAlike: (column, text) => sql`lower(${column}) = lower(${text})`,
  isDuplicate: (error) => error instanceof DatabaseError && error.code === UNIQUE_VIOLATION,
  timestamp: (column) => `to_timestamp(${column} / 1000.0)`,
  isNoText: (error) => error instanceof DatabaseError && error.code === NO_TEXT,
};

/** A statement has one text, whatever its values and however many rows: it is prepared. */
function toQuery({ parts }: SqlStatement): Query {
  const values: unknown[] = [];
  const text = parts.map((part) => render(part, values)).join("");
  return { name: values.length > 0 ? nameOf(text) : "", text, values };
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined || names.size >= PREPARED) return known ?? "";
  const name = `hosts-${names.size}`;
  names.set(text, name);
  return name;
}

/** @param values the parameters so far */
function render(part: SqlPart, values: unknown[]): string {
  if (typeof part === "string") return part;
  if (!("rows" in part)) return `$${values.push(scalar(part.kind, part.value))}::${TYPES[part.kind]}`;
  const { columns, rows } = part;
  const arrays = columns.map(({ kind }, i) => {
    const number = values.push(
      formatArray(
        kind,
        rows.map((row) => row[i]!),
      ),
    );
    return `$${number}::${TYPES[kind]}[]`;
  });
  return `unnest(${arrays.join(", ")}) AS v(${columns.map(({ name }) => name).join(", ")})`;
}

function scalar(kind: SqlKind, value: SqlValue): unknown {
  if (value === null || kind === "bytes" || kind === "text") return value;
  return formatArray(kind, [value]).slice(1, -1);
}
