/** How reservations are asked for in MySQL and MariaDB. */
import type { SqlDialect } from "@kotare/core/hosts/sql/sql-dialect";
import { type SqlPart, type SqlStatement, sql } from "@kotare/core/hosts/sql/sql-statement";
import type { Connection } from "../connection.ts";
import { LAST_TIME, literal, rowsOf } from "../sql-text.ts";

/** An identifier that the subnet has already. */
const DUPLICATE = 1062;
/** Characters that the column's character set does not have. */
const NO_TEXT = 1366;

export const mysql: SqlDialect<Connection> = {
  run: (connection, statements) => connection.run(statements.map(textOf)),
  change: (connection, statement) => connection.change(textOf(statement)),
  joinInOrder: "STRAIGHT_JOIN",
  hex: (column) => `HEX(${column})`,
  ipv4: (column) => `INET_NTOA(${column})`,
  ipv6: (column) => `INET6_NTOA(${column})`,
  poolAddress6: (column) => column,
  columnName: (name) => `\`${name}\``,
  jsonText: (column) => column,
  greatestDefinedCode: 65535,
  call: "CALL",
  store: (as, text) => (as === "address4" ? sql`INET_ATON(${text})` : text),
  beginSnapshot: [
    sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`,
    sql`START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY`,
  ],
  jsonRow: (columns) => `JSON_ARRAY(${columns.join(", ")})`,
  jsonRows: (columns) => `JSON_ARRAYAGG(JSON_ARRAY(${columns.join(", ")}))`,
  // As the column compares, so that its index is used.
  isAlike: (column, text) => sql`${column} = ${text}`,
  isDuplicate: (error) => (error as { errno?: number }).errno === DUPLICATE,
  timestamp: (column) => `FROM_UNIXTIME(LEAST(${column} DIV 1000, ${LAST_TIME}))`,
  isNoText: (error) => (error as { errno?: number }).errno === NO_TEXT,
};

function textOf({ parts }: SqlStatement): string {
  return parts.map(render).join("");
}

function render(part: SqlPart): string {
  if (typeof part === "string") return part;
  if (!("rows" in part)) return literal(part.kind, part.value);
  const { columns, rows } = part;
  return rowsOf(
    columns.map(({ name }) => name),
    rows.map((row) => row.map((value, i) => literal(columns[i]!.kind, value))),
  );
}
