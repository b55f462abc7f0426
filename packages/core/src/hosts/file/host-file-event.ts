/** What a file of reservations has to tell. */
import type { JournalEvent } from "../../storage/journal.ts";

export type HostFileEvent =
  | JournalEvent
  | { readonly kind: "file-loaded"; readonly file: string; readonly lines: number; readonly badLines: number }
  /** It is not where it was any more. What it had is in memory. */
  | { readonly kind: "file-lost"; readonly file: string; readonly isReadOnly: boolean }
  /** There is one again, with all reservations. */
  | { readonly kind: "file-begun"; readonly file: string }
  /** It is kept in `<file>.bad`; the first hundred. */
  | { readonly kind: "bad-line"; readonly file: string; readonly line: number; readonly what: string };
