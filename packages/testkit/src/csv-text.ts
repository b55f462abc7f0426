/** The rows that leases have in a lease file, without the header. */

import type { LeaseCsv } from "@kotare/core/leases/csv/lease-csv";
import type { Lease } from "@kotare/core/leases/model/lease";
import { RowWriter } from "@kotare/core/storage/row-writer";

export function csvText<L extends Lease>(csv: LeaseCsv<L>, leases: Iterable<L>): string {
  const out = new RowWriter(1024);
  for (const lease of leases) csv.write(lease, out);
  return Buffer.from(out.bytes.subarray(0, out.length)).toString("latin1");
}
