/** What the file of a queue has to tell: of its journal, and of what cannot be read in it. */
import type { JournalEvent } from "@kotare/core/storage/journal";

export type QueueFileEvent =
  | JournalEvent
  /** It is kept aside; the first hundred. */
  | { readonly kind: "bad-line"; readonly line: number; readonly what: string }
  /** What is set aside is not kept any more. */
  | { readonly kind: "aside-full" }
  | { readonly kind: "aside-failed"; readonly error: Error };
