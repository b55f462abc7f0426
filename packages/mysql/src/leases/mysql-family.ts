/** What is a family's own about its leases in MySQL. */
import type { Search } from "@kotare/core/leases/database/lease-database";
import type { SqlTable, SqlValue } from "@kotare/core/leases/database/sql-columns";
import type { Rows } from "../connection.ts";

export interface MysqlFamily<L, Key, Range> {
  readonly table: SqlTable<L>;
  keyOf(lease: L): Key;
  /** Kea's, by the columns by which clients are looked up. */
  readonly clientIndexes: Readonly<Record<string, string>>;
  /** The value of the address column. */
  addressOf(key: Key): SqlValue;
  /** Whether the address column is one of them. */
  isAmong(keys: ReadonlySet<Key>): string;
  /** The first key in the spans without a lease: what to ask, and what the answer says; of no spans nothing is asked. */
  gapQuery(search: Search<Key, Range>): string;
  readGap(rows: Rows, search: Search<Key, Range>): Key | undefined;
  /** What finds prefixes of other lengths that cross one of the ranges. */
  crossedQuery?(range: Range, select: string): string;
  boundsOf(range: Range): { readonly first: SqlValue; readonly last: SqlValue; readonly excluded: readonly SqlValue[] };
}
