/** Reads back each lease that is kept, as a row of Kea's lease file and of its tables. Tests only. */
import { RowWriter } from "../../storage/row-writer.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import { asKeptBy, type SqlTable } from "../database/sql-columns.ts";
import type { Lease } from "../model/lease.ts";
import type { LeaseWatcher } from "../model/lease-store.ts";

export class RowProof<L extends Lease, Row extends L> implements LeaseWatcher<L> {
  /** What is wrong with rows so far. */
  readonly faults: string[] = [];
  readonly #csv: LeaseCsv<L, Row>;
  readonly #table: SqlTable<L>;

  constructor(csv: LeaseCsv<L, Row>, table: SqlTable<L>) {
    this.#csv = csv;
    this.#table = table;
  }

  put(lease: L): void {
    this.#check((out) => this.#csv.write(lease, out));
    const fault = this.#csv.rules.check(asKeptBy(this.#table, lease));
    if (fault !== undefined) this.faults.push(`${this.#csv.rules.formatAddress(lease)}: ${fault}`);
  }

  discard(lease: L): void {
    this.#check((out) => this.#csv.writeRemoval(lease, out));
  }

  #check(write: (out: RowWriter) => void): void {
    const out = new RowWriter(256);
    write(out);
    const line = out.bytes.subarray(0, out.length - 1);
    const columns = Buffer.from(this.#csv.header).toString("latin1").split(",").length;
    const fault = this.#csv.readRow(this.#csv.rules.blank(), line, 0, line.length, columns);
    if (fault !== undefined) this.faults.push(`${Buffer.from(line).toString("latin1")}: ${fault}`);
  }
}
