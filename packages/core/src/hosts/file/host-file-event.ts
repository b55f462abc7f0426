/** What a file of reservations has to tell. */
import type { JournalEvent } from "../../storage/journal.ts";

export type HostFileEvent =
  | JournalEvent
  | { readonly kind: "file-loaded"; readonly file: string; readonly lines: number; readonly badLines: number }
  /** It is kept in `<file>.bad`; the first hundred. */
  | { readonly kind: "bad-line"; readonly file: string; readonly line: number; readonly what: string };
