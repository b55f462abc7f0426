/** What is a family's own about reservations in Kea's tables. */

import type { SqlKind, SqlValue } from "../../leases/database/sql-columns.ts";
import type { HostTableRules } from "../file/host-table.ts";
import type { HostColumns } from "./host-columns.ts";
import type { HostRows } from "./host-rows.ts";

/** @typeParam Reservation an entry of `reservations`, checked and complete: each of its options has `code` and `csv-format` */
export interface SqlFamily<Type extends string, Address, Reservation>
  extends HostTableRules<Type, Address, Reservation> {
  readonly family: 4 | 6;
  /** Of `hosts`, beside the number of the row, the subnet and the identifier. */
  readonly columns: readonly string[];
  /** Of the column that addresses are looked for in. */
  readonly addressKind: SqlKind;
  columnOf(address: Address): SqlValue;
  /** Of the column as `SELECT` shows it in JSON. */
  addressOf(shown: unknown): Address;
  /**
   * @param values the number of the identifier's type, its hexadecimal digits, those of `columns`, then the rows of options and, in DHCPv6, those of `ipv6_reservations`
   * @returns an entry of `reservations`
   * @throws RowFault
   */
  read(values: readonly unknown[]): object;
  /** @throws Error in words where there is no column for what it has */
  write(reservation: Reservation, columns: HostColumns): HostRows;
}
