/** Watches the processors while something is measured: who comes before all others and is late was kept waiting by the machine. */
import { join } from "node:path";
import { type Absence, readAbsences } from "@kotare/testkit/absences";
import { Program } from "../lab/program.ts";
import { top } from "../top.ts";

/** @returns what came of it, and when a processor was away; nothing where this process may not come before others */
export async function watchMachine<T>(
  measure: () => Promise<T>,
): Promise<{ readonly measured: T; readonly absences: readonly Absence[] }> {
  const witness = new Program([join(top, "e2e/dist/witness")]);
  try {
    const measured = await measure();
    await witness.stop();
    return { measured, absences: readAbsences(witness.lines) };
  } finally {
    await witness.stop();
  }
}
