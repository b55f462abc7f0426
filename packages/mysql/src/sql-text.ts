/** Values as MySQL reads them in a statement, and columns as it gives them back. No value is ever text that could end early. */
import { type Ipv6Key, readIpv6Key, toIpv6 } from "@kotare/core/ip/ipv6-key";
import { type SqlColumn, type SqlKind, type SqlValue, stateIn } from "@kotare/core/leases/database/sql-columns";

/** Where the 32 bits of a TIMESTAMP end, in 2038: no lease is said to end later, though its clients know better. */
export const LAST_TIME = 0x7fff_ffff;

function hex({ buffer, byteOffset, length }: Uint8Array): string {
  return `X'${Buffer.from(buffer, byteOffset, length).toString("hex")}'`;
}

const LITERALS: Readonly<Record<SqlKind, (value: Exclude<SqlValue, null>) => string>> = {
  number: (value) => String(Number(value)),
  state: (value) => String(Number(value)),
  int32: (value) => String(Number(value)),
  int16: (value) => String(Number(value)),
  boolean: (value) => (value === true ? "1" : "0"),
  bytes: (value) => hex(value as Uint8Array),
  text: (value) => `_utf8mb4 ${hex(Buffer.from(String(value)))}`,
  // As 0 NULL is read, and 0 is no time to MariaDB.
  time: (value) => (value === 0 ? "NULL" : `FROM_UNIXTIME(${Math.min(Number(value), LAST_TIME)})`),
  address6: (value) => hex(toIpv6(value as Ipv6Key)),
};

export function literal(kind: SqlKind, value: SqlValue): string {
  return value === null ? "NULL" : LITERALS[kind](value);
}

/** Of what a client is looked up by. */
export function identifierLiteral(identifier: string): string {
  return literal("bytes", Buffer.from(identifier, "latin1"));
}

export function readIdentifier(bytes: unknown): string {
  return Buffer.from(bytes as Uint8Array).toString("latin1");
}

/** Nothing is in the empty list, which SQL does not know. */
export function inList(values: readonly string[]): string {
  return `(${values.length === 0 ? "NULL" : values.join(", ")})`;
}

export function isNotIn(values: readonly string[], address = "address"): string {
  return values.length === 0 ? "TRUE" : `${address} NOT IN (${values.join(", ")})`;
}

/** What selects a column so that `readValue` understands it. */
export function selectColumn({ name, kind }: Pick<SqlColumn<never>, "name" | "kind">, of = ""): string {
  return kind === "time" ? `UNIX_TIMESTAMP(${of}${name})` : of + name;
}

/**
 * Whether the column is as it was seen, which is as it is read: NULL as no bytes, or as 0.
 * @param of the table
 * @param seen what the values that were seen begin with
 */
export function compareColumn(
  { name, kind }: Pick<SqlColumn<never>, "name" | "kind">,
  of: string,
  seen: string,
): string {
  if (kind === "bytes") return `COALESCE(${of}.${name}, '') = COALESCE(v.${seen}${name}, '')`;
  if (kind === "time") return `${of}.${name} <=> v.${seen}${name}`;
  return `COALESCE(${kind === "state" ? stateIn(`${of}.${name}`) : `${of}.${name}`}, 0) = v.${seen}${name}`;
}

export function readValue(kind: SqlKind, value: unknown): SqlValue {
  if (kind === "address6") return readIpv6Key(value as Uint8Array);
  if (kind === "text" && value instanceof Uint8Array) return Buffer.from(value).toString();
  return value as SqlValue;
}

/** Rows out of nothing: a derived table with these columns. */
export function rowsOf(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const selects = rows.map(
    (row, i) => `SELECT ${row.map((value, c) => (i === 0 ? `${value} AS ${names[c]}` : value)).join(", ")}`,
  );
  return `(${selects.join(" UNION ALL ")}) AS v`;
}
