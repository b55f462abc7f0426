/** Reservations in Kea's tables: what both families keep in the same way. */

import { formatHex } from "../../base/hex.ts";
import type { SqlKind, SqlValue } from "../../leases/database/sql-columns.ts";
import type { OptionDataEntry } from "../../options/compile-entry.ts";
import { parseBytes } from "../../wire/byte-types.ts";
import type { HostIdentifier } from "../model/host-index.ts";
import type { HostColumns } from "./host-columns.ts";
import type { SqlDialect } from "./sql-dialect.ts";

/** A column, and what is put into it. */
export interface SqlField {
  readonly name: string;
  readonly kind: SqlKind;
  readonly value: SqlValue;
}

/** The rows of one reservation. What ties the others to the one in `hosts` is not among their fields. */
export interface HostRows {
  readonly host: readonly SqlField[];
  readonly options: readonly (readonly SqlField[])[];
  /** In `ipv6_reservations`. */
  readonly leases: readonly (readonly SqlField[])[];
}

/** By their numbers in `host_identifier_type`. */
const IDENTIFIER_TYPES = ["hw-address", "duid", "circuit-id", "client-id", "flex-id"] as const;

export function numberOfType(type: string): number {
  return (IDENTIFIER_TYPES as readonly string[]).indexOf(type);
}

/** What is wrong with a row: the column, its value and what to do. It says nothing about other rows. */
export class RowFault extends Error {
  constructor(column: string, value: unknown, message: string) {
    super(`${column} ${JSON.stringify(value)} ${message}`);
  }
}

export function field(name: string, kind: SqlKind, value: SqlValue): SqlField {
  return { name, kind, value };
}

/** What is read of an entry of `reservations` so far. */
type Entry = Record<string, unknown>;

/** Kea writes hardware addresses and DUIDs with colons, and other identifiers without. @throws RowFault */
export function readIdentifier(number: unknown, digits: unknown): Entry {
  const type = IDENTIFIER_TYPES[Number(number)];
  if (type === undefined) {
    throw new RowFault("dhcp_identifier_type", number, "is no type of identifier: expected 0 to 4");
  }
  const hex = String(digits);
  return { [type]: Number(number) < 2 ? formatHex(Buffer.from(hex, "hex")) : hex };
}

export function writeIdentifier({ type, key }: HostIdentifier<string>): readonly [SqlField, SqlField] {
  return [field("dhcp_identifier", "bytes", bytesOf(key)), field("dhcp_identifier_type", "int16", numberOfType(type))];
}

/** Of an identifier. */
export function bytesOf(key: string): Uint8Array {
  return Buffer.from(key, "latin1");
}

/** Keys whose columns are empty are left out. */
export function give(entry: Entry, key: string, value: unknown): void {
  if (value !== null && value !== "" && value !== undefined) entry[key] = value;
}

export function readClasses(text: unknown): readonly string[] | undefined {
  if (text === null || text === "") return undefined;
  const names = String(text).split(",");
  return names.map((name) => name.trim()).filter((name) => name !== "");
}

/** @throws RowFault */
export function readContext(text: unknown): object | undefined {
  if (text === null || text === "") return undefined;
  let context: unknown;
  try {
    context = JSON.parse(String(text));
  } catch {
    // Told below.
  }
  if (typeof context !== "object" || context === null || Array.isArray(context)) {
    throw new RowFault("user_context", text, "is no JSON object");
  }
  return context;
}

export function writeContext(remarks: Remarks): SqlField {
  const { comment, "user-context": context } = remarks;
  const all = comment === undefined ? context : { ...context, comment };
  return field("user_context", "text", all === undefined ? null : JSON.stringify(all));
}

interface Remarks {
  readonly comment?: string | undefined;
  readonly "user-context"?: object | undefined;
}

/** Columns of a row of options, `value` in hexadecimal digits. */
export type OptionRow = readonly [
  id: number,
  code: number,
  value: string | null,
  formatted: string | null,
  space: string | null,
  persistent: boolean | number,
  cancelled: boolean | number,
  context: string | null,
  classes: string | null,
];

/** @param table they are from @throws RowFault */
export function readOptions(rows: unknown, table: string): readonly object[] | undefined {
  const options = rows as readonly OptionRow[];
  if (options.length === 0) return undefined;
  return options.map((row) => inRow(`${table}.option_id ${row[0]}`, () => readOption(row)));
}

/** What selects an option so that `readOption` understands it. @param of the table */
export function optionColumns(
  { hex }: Pick<SqlDialect<never>, "hex">,
  of: string,
  hasClasses: boolean,
): readonly string[] {
  const [id, code, ...rest] = [
    "option_id",
    "code",
    "formatted_value",
    "space",
    "persistent",
    "cancelled",
    "user_context",
  ];
  const classes = hasClasses ? `${of}.client_classes` : "NULL";
  return [`${of}.${id}`, `${of}.${code}`, hex(`${of}.value`), ...rest.map((name) => `${of}.${name}`), classes];
}

/** An entry of `option-data`. @throws RowFault */
export function readOption(row: OptionRow): object {
  const [, code, value, formatted, space, persistent, cancelled, context, classes] = row;
  const entry: Entry = {
    code,
    data: formatted || (value ?? ""),
    "csv-format": Boolean(formatted),
    "always-send": Boolean(persistent),
    "never-send": Boolean(cancelled),
  };
  give(entry, "space", space);
  give(entry, "user-context", readContext(context));
  give(entry, "client-classes", readClassList(classes));
  return entry;
}

/** @param scope in `dhcp_option_scope`; a text that has a definition is kept as it is; what else there is, as bytes. */
export function writeOption(
  entry: OptionDataEntry & Remarks,
  space: string,
  { hasOptionClasses }: Pick<HostColumns, "hasOptionClasses">,
  scope = HOST_SCOPE,
): readonly SqlField[] {
  const { code, data = "", "csv-format": isText } = entry;
  if (code === undefined || isText === undefined) {
    throw new Error(`option ${entry.name ?? code} has no ${code === undefined ? "code" : "csv-format"}`);
  }
  const classes = entry["client-classes"] ?? [];
  if (classes.length > 0 && !hasOptionClasses) throw noColumnFor(`client-classes of option ${code}`);
  return [
    field("code", "number", code),
    field("value", "bytes", isText || data === "" ? null : parseBytes(data)!),
    field("formatted_value", "text", isText && data !== "" ? data : null),
    field("space", "text", entry.space ?? space),
    field("persistent", "boolean", entry["always-send"] === true),
    field("cancelled", "boolean", entry["never-send"] === true),
    writeContext(entry),
    field("scope_id", "int16", scope),
    ...(hasOptionClasses ? [field("client_classes", "text", formatClassList(classes))] : []),
  ];
}

export function noColumnFor(what: string): Error {
  return new Error(`${what} have no column in the schema of Kea 2.6: "db upgrade --kea 3.0" makes it`);
}

/** As Kea writes them. Its newest schemas want a list even where it is empty. */
function formatClassList(names: readonly string[]): string {
  return `[ ${names.map((name) => JSON.stringify(name)).join(", ")} ]`;
}

/** @throws RowFault */
function readClassList(text: string | null): readonly string[] | undefined {
  if (text === null || text === "") return undefined;
  let names: unknown;
  try {
    names = JSON.parse(text);
  } catch {
    // Told below.
  }
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) {
    throw new RowFault("client_classes", text, "is no JSON list of names");
  }
  return names.length === 0 ? undefined : names;
}

/** In `dhcp_option_scope`. */
const HOST_SCOPE = 3;

/** Some drivers have parsed it, and some databases put JSON that is inside of JSON as text. */
export function parseJson<T>(json: unknown): T {
  return (typeof json === "string" ? JSON.parse(json) : json) as T;
}

/** @param row what a fault in it is said to be in */
export function inRow<T>(row: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RowFault)) throw error;
    error.message = `${row}: ${error.message}`;
    throw error;
  }
}
