/** Where `leases export` and `leases import` find a daemon's leases: in their place, or with the daemon that serves. */
import type { LeaseCsv } from "../../leases/csv/lease-csv.ts";
import { type ImportCounts, importLeases, type LeaseImport } from "../../leases/file/import-leases.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { LeaseBatch, LeaseStore } from "../../leases/model/lease-store.ts";

export interface ImportReports {
  /** Told after each page. */
  onProgress(counts: ImportCounts): void;
  /** Told of each that was not imported. */
  onKept(address: string, kind: "newer" | "refused"): void;
}

export interface MovedLeases<L extends Lease> {
  /** About how many there are. */
  count(): Promise<number>;
  pages(): AsyncGenerator<readonly L[]>;
  /** None is put over one that is newer. */
  import(pages: AsyncIterable<readonly L[]>, reports: ImportReports): Promise<ImportCounts>;
  close(): Promise<void>;
}

/** Those that nobody has to himself. */
export function leasesInStore<L extends Lease, Batch extends LeaseBatch<L>, Store extends LeaseStore<L, Batch>>(
  store: Store,
  csv: LeaseCsv<L>,
  pages: (store: Store) => AsyncGenerator<readonly L[]>,
  find: LeaseImport<L, Batch>["find"],
): MovedLeases<L> {
  return {
    async count() {
      const tally = await store.tally();
      return tally.reduce((sum, { count }) => sum + count, 0);
    },
    pages: () => pages(store),
    import: (leases, { onProgress, onKept }) =>
      importLeases(leases, {
        store,
        csv,
        find,
        onProgress,
        onKept: (lease, kind) => onKept(csv.rules.formatAddress(lease), kind),
      }),
    close: () => store.close(),
  };
}
