/** Leases that a command gives as rows of a lease file. */
import type { LeaseCsv } from "../../../leases/csv/lease-csv.ts";
import type { Lease } from "../../../leases/model/lease.ts";
import { NEWLINE } from "../../../storage/row-writer.ts";
import { type Answer, failed } from "../../answer.ts";

/** @returns them in their order, with a lifetime of 0 where they are gone; or what is wrong with one */
export function readRows<L extends Lease>(text: string, csv: LeaseCsv<L>): readonly L[] | Answer {
  const bytes = Buffer.from(text, "latin1");
  const leases: L[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const row = csv.rules.blank();
    const what = csv.readRow(row, bytes, start, end, csv.fields);
    if (what !== undefined) return failed(`arguments.rows: row ${leases.length + 1} ${what}`);
    leases.push(csv.rules.keep(row));
    start = end + 1;
  }
  return leases;
}
