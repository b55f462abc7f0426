/** Columns of Kea's tables of configuration: which key each is, and how its value is read and written. */
import { RowFault } from "../../hosts/sql/host-rows.ts";
import type { SqlDialect } from "../../hosts/sql/sql-dialect.ts";
import { literal, type SqlStatement, sql } from "../../hosts/sql/sql-statement.ts";

/**
 * `given` is a text of which an empty one is none, `address` is an IPv4 address, `octets` a text that is kept as bytes, `oneName` a list with one text, `names` a JSON list of them, `relay` one of
 * addresses, `context` a JSON object.
 */
type ColumnKind =
  | "number"
  | "flag"
  | "text"
  | "given"
  | "address"
  | "octets"
  | "oneName"
  | "names"
  | "relay"
  | "context"
  | "nameMode";

export interface ConfigColumn {
  readonly key: string;
  readonly name: string;
  readonly kind: ColumnKind;
}

/** @param name where it is not the key with other hyphens */
export function column(kind: ColumnKind, key: string, name = key.replaceAll("-", "_")): ConfigColumn {
  return { key, name, kind };
}

export function columns(kind: ColumnKind, ...keys: readonly string[]): readonly ConfigColumn[] {
  return keys.map((key) => column(kind, key));
}

/** `ddns-replace-client-name`, by its numbers. */
const NAME_MODES: readonly string[] = ["never", "always", "when-present", "when-not-present"];

/** What selects it so that `readColumns` understands it. */
export function selectColumn({ kind, name }: ConfigColumn, dialect: SqlDialect<never>, of = "t"): string {
  const column = `${of}.${dialect.columnName(name)}`;
  if (kind === "address") return dialect.ipv4(column);
  if (kind === "octets") return dialect.hex(column);
  return kind === "context" ? dialect.jsonText(column) : column;
}

/** An entry of the configuration. What a row does not say is left out. @throws RowFault */
export function readColumns(columns: readonly ConfigColumn[], values: readonly unknown[]): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  columns.forEach(({ key, name, kind }, i) => {
    const value = values[i];
    if (value === null || value === undefined || (kind === "given" && value === "")) return;
    entry[key] = readValue(kind, name, value);
  });
  return entry;
}

function readValue(kind: ColumnKind, name: string, value: unknown): unknown {
  switch (kind) {
    case "flag":
      return value === true || value === 1;
    case "octets":
      return Buffer.from(String(value), "hex").toString("latin1");
    case "oneName":
      return value === "" ? [] : [value];
    case "names":
      return readList(name, value);
    case "relay":
      return { "ip-addresses": readList(name, value) };
    case "nameMode":
      // A number that is none is for the schema to refuse.
      return NAME_MODES[Number(value)] ?? value;
    case "context": {
      const context = parse(value);
      if (typeof context === "object" && context !== null && !Array.isArray(context)) return context;
      throw new RowFault(name, value, "is no JSON object");
    }
    default:
      return value;
  }
}

function readList(name: string, value: unknown): readonly unknown[] {
  const list = value === "" ? [] : parse(value);
  if (Array.isArray(list)) return list;
  throw new RowFault(name, value, "is no JSON list");
}

function parse(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return undefined;
  }
}

/** A column, and what is put into it. */
export interface WrittenColumn {
  readonly name: string;
  readonly value: SqlStatement;
}

/** The other way. @param entry as the schema gives it: with one spelling of each key */
export function writeColumns(
  columns: readonly ConfigColumn[],
  entry: Readonly<Record<string, unknown>>,
  dialect: SqlDialect<never>,
): readonly WrittenColumn[] {
  return columns.map(({ key, name, kind }) => ({
    name: dialect.columnName(name),
    value: writeValue(kind, key, entry[key], dialect),
  }));
}

function writeValue(kind: ColumnKind, key: string, value: unknown, { store }: SqlDialect<never>): SqlStatement {
  const text = (of: unknown) => sql`${literal("text", String(of))}`;
  if (value === undefined) return sql`NULL`;
  switch (kind) {
    case "given":
      return value === "" ? sql`NULL` : text(value);
    case "number":
      return Number.isInteger(value) ? sql`${literal("number", value as number)}` : store("real", text(value));
    case "flag":
      return sql`${literal("boolean", value === true)}`;
    case "address":
      return value === "" ? sql`NULL` : store("address4", text(value));
    case "octets":
      return sql`${literal("bytes", Buffer.from(String(value), "latin1"))}`;
    case "nameMode":
      return sql`${literal("number", NAME_MODES.indexOf(String(value)))}`;
    case "oneName": {
      const [name, another] = value as readonly string[];
      if (another !== undefined) throw new Error(`${key} has several names, and Kea 2.6's tables have room for one`);
      return name === undefined ? sql`NULL` : text(name);
    }
    case "names":
      return (value as readonly unknown[]).length === 0 ? sql`NULL` : text(JSON.stringify(value));
    case "relay":
      return text(JSON.stringify((value as { readonly "ip-addresses": unknown })["ip-addresses"]));
    case "context":
      return store("json", text(JSON.stringify(value)));
    default:
      return text(value);
  }
}
