/** What a lease of either family is, as Kea's lease files and SQL tables know it. */
import type { Seconds } from "../../base/clock.ts";

/** Kea's numbers, as they stand in the lease file; `offered` never leaves memory. */
export const LeaseState = {
  assigned: 0,
  declined: 1,
  /** Expired or released, DNS already cleaned up; kept for the client that may come back. */
  reclaimed: 2,
  /** DHCPv6: its client chose the address itself and told us (RFC 9686). It never becomes a lease that we give. */
  registered: 4,
  /** Held for a client that was sent an offer; in memory only, and the first to be taken when a pool is full. */
  offered: 255,
} as const;
export type LeaseState = (typeof LeaseState)[keyof typeof LeaseState];

/** RFC 2131 §3.3, RFC 8415 §7.7: a lease without end. */
export const INFINITE_LIFETIME: Seconds = 0xffff_ffff;

/** How long what is offered is held for its client: about the time in which clients ask again, four times. */
export const OFFER_HOLD: Seconds = 60;

/** Objects exist at the edges; the table keeps rows. */
export interface Lease {
  readonly validLifetime: Seconds;
  /** Client last transmission time, whole seconds of the lease clock. */
  readonly cltt: Seconds;
  readonly subnetId: number;
  readonly poolId: number;
  readonly state: LeaseState;
  readonly fqdnFwd: boolean;
  readonly fqdnRev: boolean;
  readonly hostname: string;
  /** JSON text as Kea writes it; empty for none. */
  readonly userContext: string;
}

/** Whether a client uses it, or did when last heard of. */
export function isUsed({ state }: Pick<Lease, "state">): boolean {
  return state === LeaseState.assigned || state === LeaseState.registered;
}

/** The second in which the lease ends: at this time it is no longer valid. `Infinity` for a lease without end. */
export function expiryOf(lease: Pick<Lease, "cltt" | "validLifetime">): Seconds {
  return lease.validLifetime === INFINITE_LIFETIME ? Number.POSITIVE_INFINITY : lease.cltt + lease.validLifetime;
}
