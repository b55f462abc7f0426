/** What the families do differently where names follow leases. */
import type { Lease } from "../leases/model/lease.ts";
import type { Found, LeaseBatch, LeaseStore } from "../leases/model/lease-store.ts";
import type { NameRules } from "../names/name-rules.ts";
import type { IdentifierType } from "../ncr/dhcid.ts";

/** Whose a name is (RFC 4701 §3.3). */
export interface Identity {
  readonly type: IdentifierType;
  readonly bytes: Uint8Array;
}

/** An address as a key, of leases that have names. */
export type LeaseAddress = number | string;

export interface NamedFamily<L extends Lease, Batch extends LeaseBatch<L>> {
  /** `undefined` for a lease that has no name, as one of a prefix. */
  addressOf(lease: L): LeaseAddress | undefined;
  formatAddress(lease: L): string;
  readonly identify: (lease: L) => Identity;
  /** The lease of nobody's with somebody to stand in: only a declined one can be kept without (CVE-2019-6474). */
  readonly standIn: (lease: L) => L;
  /** What is held where the lease was. */
  find(batch: Batch, lease: L): L | undefined;
  /** As the stores' own: leases behind `after`, from the first when it is `undefined`. */
  page(after: L | undefined, limit: number): Found<L>;
}

/** What the configuration in force says of a lease's name. */
export type RulesOf<L extends Lease> = (lease: L) => NameRules;

export type NamedStore<L extends Lease, Batch extends LeaseBatch<L>> = Pick<
  LeaseStore<L, Batch>,
  "begin" | "watch" | "succeed"
>;
