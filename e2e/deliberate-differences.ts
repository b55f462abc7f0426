/** Where dhcp4d answers otherwise than Kea 2.6.3 on purpose. Every entry has a reason; one that no longer differs fails. */

export interface Difference {
  readonly scene: string;
  readonly exchange: string;
  /** Field of the answer (`option 51`, `flags`), `answers` for their number, or `lease` for the lease file. */
  readonly field: string;
  /** Why we are right, with the clause where there is one. */
  readonly reason: string;
}

export const deliberateDifferences: readonly Difference[] = [];
