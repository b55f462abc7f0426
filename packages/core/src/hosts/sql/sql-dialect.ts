/** What the databases with SQL do differently about reservations, configuration and the forensic log. */
import type { SqlStatement } from "./sql-statement.ts";

export type Rows = readonly (readonly unknown[])[];

export interface SqlDialect<Connection> {
  /**
   * Runs statements one after the other, in one round trip.
   * @returns the rows of those that select
   */
  run(connection: Connection, statements: readonly SqlStatement[]): Promise<readonly Rows[]>;
  /** Runs a statement that adds, changes or removes rows. @returns how many */
  change(connection: Connection, statement: SqlStatement): Promise<number>;
  /** Joins a table to rows that are gone through first, whatever the server believes of the table. */
  readonly joinInOrder: string;
  /** Hexadecimal digits of a column of bytes. */
  hex(column: string): string;
  /** The text of a column with an IPv4 address. */
  ipv4(column: string): string;
  /** The text of a column with an IPv6 address. */
  ipv6(column: string): string;
  /** The text of an end of a pool of IPv6 addresses, which some keep as text. */
  poolAddress6(column: string): string;
  /** A column that has another name in some databases, or one that needs quotes. */
  columnName(name: string): string;
  /** The text of a column of JSON. */
  jsonText(column: string): string;
  /** Of definitions of options: Kea's column may be too small for some. */
  readonly greatestDefinedCode: number;
  /** What a statement that calls a routine begins with. */
  readonly call: "CALL" | "SELECT";
  /** A text as a column of some other type is given it; `pool6` is an end of a pool of IPv6 addresses. */
  store(as: "address4" | "pool6" | "json" | "real", text: SqlStatement): SqlStatement;
  /** Begins a transaction in which nothing changes any more for who reads in it. */
  readonly beginSnapshot: readonly SqlStatement[];
  /** One text in place of many columns: a JSON array. */
  jsonRow(columns: readonly string[]): string;
  /** One text in place of the rows of a group: a JSON array of arrays; NULL for no rows. */
  jsonRows(columns: readonly string[]): string;
  /** Whether two texts are alike but for upper and lower case. */
  isAlike(column: string, text: SqlStatement): SqlStatement;
  /** Whether a statement has been refused because another row has the same identifier. */
  isDuplicate(error: unknown): boolean;
  /** A column of Unix time in milliseconds, as a timestamp of Kea's: as exact as these are. */
  timestamp(column: string): string;
  /** Whether a statement has been refused because a text has characters that the column cannot have. */
  isNoText(error: unknown): boolean;
}
