/** What the lease files have to tell: the daemon gives each its message id and level. */
import type { JournalEvent } from "../../storage/journal.ts";

export type LeaseFileEvent =
  | JournalEvent
  | FileLoaded
  /** A row that is kept in `<file>.bad`; the first hundred of a file. */
  | { readonly kind: "bad-row"; readonly file: string; readonly line: number; readonly what: string }
  /** The last line has no end: the write was cut short by a crash, and nobody was told of that lease. */
  | { readonly kind: "torn-line"; readonly file: string; readonly line: number }
  /** The first hundred. */
  | {
      readonly kind: "wrong-subnet";
      readonly address: string;
      readonly subnetId: number;
      readonly found: SubnetFinding;
    }
  /** What a lease said of relays is dropped; the first hundred. */
  | { readonly kind: "bad-info"; readonly address: string; readonly fault: string }
  /** It is not where it was any more; what was acknowledged since then is in memory only. */
  | { readonly kind: "file-lost"; readonly file: string }
  /** There is one again, with all leases. */
  | { readonly kind: "file-begun"; readonly file: string }
  | { readonly kind: "compaction-began"; readonly bytes: number }
  | { readonly kind: "compaction-ended"; readonly bytes: number; readonly milliseconds: number }
  | { readonly kind: "compaction-failed"; readonly error: Error };

/** The counts have also what was too much to be reported one by one. */
export interface FileLoaded {
  readonly kind: "file-loaded";
  readonly file: string;
  readonly rows: number;
  readonly badRows: number;
  /** Rows whose subnet-id is not that of their address. */
  readonly wrongSubnets: number;
}

/** What `sanity-checks.lease-checks` did with a lease whose subnet-id is not that of its address. */
export interface SubnetFinding {
  /** `undefined` when the address is in no subnet. */
  readonly expected: number | undefined;
  readonly action: "kept" | "fixed" | "deleted";
}

export type Report = (event: LeaseFileEvent) => void;
