/** Why a packet gets no answer, in words. */
import type { DropEntry } from "../packets/report/report-names.ts";

/** @param detail what there is to add; empty for nothing */
export function describeDrop({ words, clause }: Pick<DropEntry<unknown>, "words" | "clause">, detail: string): string {
  return `no answer: ${words}${detail === "" ? "" : `: ${detail}`} (${clause})`;
}
