/** Statements that every dialect can say: text, and the values in it apart. */
import type { SqlKind, SqlValue } from "../../leases/database/sql-columns.ts";

/** A value. */
interface SqlLiteral {
  readonly kind: SqlKind;
  readonly value: SqlValue;
}

/** Rows out of nothing: a table called `v` with these columns. */
export interface SqlRows {
  readonly columns: readonly { readonly name: string; readonly kind: SqlKind }[];
  readonly rows: readonly (readonly SqlValue[])[];
}

export type SqlPart = string | SqlLiteral | SqlRows;

export interface SqlStatement {
  readonly parts: readonly SqlPart[];
}

/** A statement or a part of one. What is inserted as a string is text of the statement. */
export function sql(texts: TemplateStringsArray, ...inserted: readonly (SqlPart | SqlStatement)[]): SqlStatement {
  const parts: SqlPart[] = [];
  texts.forEach((text, i) => {
    parts.push(text);
    const part = inserted[i];
    if (part === undefined) return;
    if (typeof part === "object" && "parts" in part) parts.push(...part.parts);
    else parts.push(part);
  });
  return { parts };
}

export function literal(kind: SqlKind, value: SqlValue): SqlLiteral {
  return { kind, value };
}

export function join(statements: readonly SqlStatement[], separator: string): SqlStatement {
  return { parts: statements.flatMap(({ parts }, i) => (i === 0 ? parts : [separator, ...parts])) };
}

/** What follows `IN`. @param values at least one */
export function list(kind: SqlKind, values: readonly SqlValue[]): SqlStatement {
  const items = values.map((value) => sql`${literal(kind, value)}`);
  return sql`(${join(items, ", ")})`;
}
