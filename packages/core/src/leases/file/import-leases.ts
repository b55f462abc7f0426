/** Puts leases from elsewhere into a store, and none over one that is newer. */
import { RowWriter } from "../../storage/row-writer.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import type { Lease } from "../model/lease.ts";
import type { LeaseBatch, LeaseStore } from "../model/lease-store.ts";

/** What has become of the leases so far. */
export interface ImportCounts {
  /** Written now. */
  put: number;
  /** There already, as they are. */
  present: number;
  /** Left as they are, because what is there is newer or as new. */
  newer: number;
  /** Nobody's leases, and those that the database will not have. */
  refused: number;
}

export interface LeaseImport<L extends Lease, Batch extends LeaseBatch<L>> {
  readonly store: Pick<LeaseStore<L, Batch>, "begin" | "asKept">;
  readonly csv: LeaseCsv<L>;
  /** What the batch has where the lease is. */
  find(batch: Batch, lease: L): L | undefined;
  /** Told after each page. */
  onProgress(counts: ImportCounts): void;
  /** Told of each that was not imported. */
  onKept(lease: L, kind: "newer" | "refused"): void;
}

/** Others may change the same lease meanwhile: then it is looked at again, so many times. */
const TRIES = 3;

/**
 * What is durable when it is interrupted stays, and is found present the next time.
 * @throws the store's error when it cannot go on
 */
export async function importLeases<L extends Lease, Batch extends LeaseBatch<L>>(
  pages: AsyncIterable<readonly L[]>,
  parts: LeaseImport<L, Batch>,
): Promise<ImportCounts> {
  const counts: ImportCounts = { put: 0, present: 0, newer: 0, refused: 0 };
  const keep = (lease: L, kind: "newer" | "refused") => {
    counts[kind]++;
    parts.onKept(lease, kind);
  };
  for await (const page of pages) {
    let leases = page.filter((lease) => {
      const isSomebodys = parts.csv.rules.check(lease) === undefined;
      if (!isSomebodys) keep(lease, "refused");
      return isSomebodys;
    });
    for (let tries = 0; tries < TRIES && leases.length > 0; tries++) leases = await putAll(leases, parts, counts, keep);
    for (const lease of leases) keep(lease, "refused");
    parts.onProgress(counts);
  }
  return counts;
}

/** @returns those that others were quicker with */
async function putAll<L extends Lease, Batch extends LeaseBatch<L>>(
  leases: readonly L[],
  { store, csv, find }: LeaseImport<L, Batch>,
  counts: ImportCounts,
  keep: (lease: L, kind: "newer") => void,
): Promise<L[]> {
  const batch = store.begin();
  for (const lease of leases) find(batch, lease);
  if (batch.missed > 0) await batch.load();
  const written: L[] = [];
  for (const lease of leases) {
    const there = find(batch, lease);
    const kept = store.asKept?.(lease) ?? lease;
    if (there === undefined || there.cltt < kept.cltt) {
      batch.put(lease);
      written.push(lease);
    } else if (isSame(csv, there, kept)) counts.present++;
    else keep(lease, "newer");
  }
  const result = await batch.commit();
  if (result.kind === "failed") throw result.error;
  const taken = result.kind === "taken" ? written.filter((_, index) => result.changes.has(index)) : [];
  counts.put += written.length - taken.length;
  return taken;
}

const rows = [new RowWriter(1024), new RowWriter(1024)] as const;

/** Two leases are the same when their rows are. */
function isSame<L extends Lease>(csv: LeaseCsv<L>, ...leases: readonly [L, L]): boolean {
  const [a, b] = rows.map((out, i) => {
    out.clear();
    csv.write(leases[i]!, out);
    return out.written;
  });
  return Buffer.compare(a!, b!) === 0;
}
