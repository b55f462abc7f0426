/** Values as PostgreSQL reads them in an array, and columns as it gives them back. */
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { type SqlColumn, type SqlKind, type SqlValue, stateIn } from "@kotare/core/leases/database/sql-columns";

/** The types of array elements. */
export const TYPES: Readonly<Record<SqlKind, string>> = {
  number: "int8",
  state: "int8",
  int32: "int4",
  int16: "int2",
  boolean: "bool",
  bytes: "bytea",
  text: "text",
  time: "int8",
  address6: "inet",
};

const ELEMENTS: Readonly<Record<SqlKind, (value: Exclude<SqlValue, null>) => string>> = {
  number: String,
  state: String,
  int32: (value) => String(Number(value) | 0),
  int16: (value) => String((Number(value) << 16) >> 16),
  boolean: (value) => (value === true ? "t" : "f"),
  bytes: (value) => `"\\\\x${hex(value as Uint8Array)}"`,
  text: (value) => `"${String(value).replace(/["\\]/g, "\\$&")}"`,
  time: String,
  address6: (value) => formatIpv6Key(value as Ipv6Key),
};

function hex({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString("hex");
}

/** One parameter that holds a column of many rows. */
export function formatArray(kind: SqlKind, values: readonly SqlValue[]): string {
  const format = ELEMENTS[kind];
  return `{${values.map((value) => (value === null ? "NULL" : format(value))).join()}}`;
}

/** What selects a column so that `readValue` understands it. */
export function selectColumn({ name, kind }: Pick<SqlColumn<never>, "name" | "kind">, of = ""): string {
  if (kind === "time") return `extract(epoch from ${of}${name})::int8`;
  return kind === "address6" ? `host(${of}${name})` : of + name;
}

/** What stores an element of the array as the column. */
export function storeColumn({ name, kind }: Pick<SqlColumn<never>, "name" | "kind">): string {
  return kind === "time" ? `to_timestamp(v.${name})` : `v.${name}`;
}

/** Whether the column is as it was seen, which is as it is read: NULL as no bytes, or as 0. */
export function compareColumn(column: Pick<SqlColumn<never>, "name" | "kind">): string {
  const { name, kind } = column;
  if (kind === "bytes") return `coalesce(l.${name}, '') = coalesce(v.seen_${name}, '')`;
  const value = kind === "state" ? stateIn(`l.${name}`) : selectColumn(column, "l.");
  return `coalesce(${value}, 0) = v.seen_${name}`;
}

export function readValue(kind: SqlKind, value: unknown): SqlValue {
  if (kind === "address6") return parseIpv6Key(value as string) ?? null;
  return value as SqlValue;
}
