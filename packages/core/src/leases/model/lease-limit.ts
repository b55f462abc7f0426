/** Limits on how many leases are in use, and how a batch of packets sees them. */
import type { LeaseType6 } from "./lease6.ts";

export interface LeaseLimit {
  /** Of whose clients the leases are counted: the name of a class; or in which subnet: its number. */
  readonly of: string | number;
  /** In DHCPv4 all are addresses. */
  readonly type: LeaseType6;
  readonly most: number;
}

/** A lease that a client does not have yet. */
export interface NewLease {
  readonly subnetId: number;
  readonly type: LeaseType6;
  /** Its client's. */
  readonly classes: ReadonlySet<string>;
}

/** So many of a kind that a client is given together. */
export interface GivenLeases extends NewLease {
  count: number;
}

export interface LimitView<L> {
  /** Whether there are limits. */
  readonly isLimited: boolean;
  /** Whether leases have to say which classes their clients are in. */
  readonly countsClasses: boolean;
  /**
   * The first limit that allows no new lease; `undefined` for none.
   * @param ended leases that are going to be no more for it
   * @param others that its client is given with it
   */
  limitReached(lease: NewLease, ended: readonly L[], others?: readonly GivenLeases[]): LeaseLimit | undefined;
}
