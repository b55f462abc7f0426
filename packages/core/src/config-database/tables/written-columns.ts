/** What is put into columns of Kea's tables, and rows are known by. */
import type { AddressText } from "../../config/check/address-text.ts";
import type { SqlField } from "../../hosts/sql/host-rows.ts";
import { join, literal, type SqlStatement, sql } from "../../hosts/sql/sql-statement.ts";
import type { WrittenColumn } from "./config-column.ts";
import { OPTION_TYPES } from "./config-tables.ts";

export function isLike(fields: readonly WrittenColumn[], of = ""): SqlStatement {
  return join(
    fields.map(({ name, value }) => sql`${of + name} = ${value}`),
    " AND ",
  );
}

export function text(name: string, value: string): WrittenColumn {
  return { name, value: sql`${literal("text", value)}` };
}

export function number(name: string, value: number): WrittenColumn {
  return { name, value: sql`${literal("number", value)}` };
}

export function written({ name, kind, value }: SqlField): WrittenColumn {
  return { name, value: sql`${literal(kind, value)}` };
}

export function numberOfType(name: string): number {
  for (const [code, each] of OPTION_TYPES) if (each === name) return code;
  throw new Error(`${name} is no type of an option that Kea's tables know`);
}

/** In `parameter_data_type`. */
export function typeOf(value: unknown): number {
  if (typeof value === "boolean") return 2;
  return typeof value === "number" ? Number(!Number.isInteger(value)) : 4;
}

export function globalText(value: unknown): string {
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

/** Of a pool, as Kea's tables have them. @throws Error in words */
export function endsOf<Address extends number | string>(
  { parseRange, format }: AddressText<Address>,
  pool: string,
): { readonly first: string; readonly last: string } {
  const range = parseRange(pool);
  if (range === undefined) throw new Error(`${pool} is no pool`);
  return { first: format(range.first), last: format(range.last) };
}
