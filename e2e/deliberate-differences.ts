/** Where dhcp4d answers otherwise than Kea 2.6.3 on purpose. Every entry has a reason; one that no longer differs fails. */

export interface Difference {
  readonly exchange: string;
  /** Fields of the answer (`option 51`, `flags`), `answers` for their number, a column of the lease file, or `*`. */
  readonly fields: readonly string[];
  /** Only in this scene; in all scenes when left out. */
  readonly scene?: string;
  /** Only in this step of the exchange (for the lease file: at this address); in all when left out. */
  readonly step?: string;
  /** Why we are right, with the clause where there is one. */
  readonly reason: string;
}

export const deliberateDifferences: readonly Difference[] = [];
