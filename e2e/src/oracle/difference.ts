/** What is said of an answer that differs from Kea's on purpose. */
import type { Finding } from "./run.ts";

export interface Difference {
  /** In all exchanges when left out, which is for fields that say one thing only. */
  readonly exchange?: string;
  /** Fields of the answer (`option 51`, `flags`), `answers` for their number, a column of the lease file, or `*`. */
  readonly fields: readonly string[];
  /** Only in this scene; in all scenes when left out. */
  readonly scene?: string;
  /** Only in this step of the exchange (for the lease file: at this address); in all when left out. */
  readonly step?: string;
  /** Why we are right, with the clause where there is one. */
  readonly reason: string;
}

/** One reason for several exchanges. */
export function because(reason: string, ...differences: Omit<Difference, "reason">[]): Difference[] {
  return differences.map((difference) => ({ ...difference, reason }));
}

/** Whether an entry among the deliberate differences speaks of this finding. */
export function covers(difference: Difference, finding: Finding): boolean {
  return (
    (difference.exchange ?? finding.exchange) === finding.exchange &&
    (difference.scene ?? finding.scene) === finding.scene &&
    (difference.step ?? finding.step) === finding.step &&
    (difference.fields.includes("*") || difference.fields.includes(finding.field))
  );
}
