/** RFC 8415 §18.3.7, §18.3.8: RELEASE and DECLINE end leases that the client holds. */
import { equalBytes } from "@kotare/core/base/bytes";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { HwaddrSource, type Lease6 } from "@kotare/core/leases/model/lease6";
import { type Facts6, type Handler6, type IaAnswer, NO_CHANGES6, type Reply6 } from "../path/outcome6.ts";
import { iasOf, type Query6 } from "../path/query6.ts";
import { leaseTypeOf } from "./assign-ias6.ts";

/** A RELEASE that comes again finds what the first one has left. */
export const release6: Handler6 = (query, facts) =>
  giveUp(query, "released", iasOf(query), facts, [LeaseState.assigned, LeaseState.reclaimed], released);

/** Of addresses. Prefixes cannot be declined, since nobody else can be found to use them: no word is lost about them. */
export const decline6: Handler6 = (query, facts) => {
  const ias = iasOf(query).filter(({ code }) => code === Option6.iaNa);
  return giveUp(query, "declined", ias, facts, [LeaseState.assigned], declined);
};

/** @param known states of leases of the client's that are a binding; those that are assigned end */
function giveUp(
  query: Query6,
  event: "released" | "declined",
  given: readonly IdentityAssociation[],
  facts: Facts6,
  known: readonly LeaseState[],
  become: (lease: Lease6, facts: Facts6) => Lease6,
): Reply6 {
  const gaveUp: Lease6[] = [];
  const text = event === "released" ? "Released." : "Declined.";
  const ias = given.map((ia): IaAnswer => {
    const bound = ia.leases
      .map(({ address }) => facts.view.byAddress(leaseTypeOf(ia), address))
      .filter((lease): lease is Lease6 => lease !== undefined && known.includes(lease.state) && isOf(lease, ia, query));
    for (const lease of bound) if (lease.state === LeaseState.assigned) gaveUp.push(lease);
    const { code, iaid } = ia;
    const isBound = bound.length === ia.leases.length && bound.length > 0;
    const status = isBound ? { code: StatusCode6.Success, text } : NO_BINDING;
    return { code, iaid, t1: 0, t2: 0, leases: [], status, given: [] };
  });
  return {
    kind: "reply",
    type: MessageType6.REPLY,
    ias,
    status: { code: StatusCode6.Success, text },
    isRapid: false,
    place: undefined,
    name: undefined,
    changes: { ...NO_CHANGES6, put: gaveUp.map((lease) => become(lease, facts)) },
    gaveUp,
    event,
  };
}

const NO_BINDING = { code: StatusCode6.NoBinding, text: "No such binding." };

/** Only the client that holds a lease can give it up. */
function isOf(lease: Lease6, { iaid }: IdentityAssociation, { duid }: Query6): boolean {
  return lease.iaid === iaid && equalBytes(lease.duid, duid);
}

/**
 * It ends now, so that the time for which it is kept counts from here; and its client was heard now: of two servers that have
 * the lease this one knows more. Kea writes a lifetime of 0, which at its next start means that there is no lease.
 */
function released(lease: Lease6, { now }: Facts6): Lease6 {
  return { ...lease, preferredLifetime: 1, validLifetime: 1, cltt: now - 1, state: LeaseState.reclaimed };
}

/** Nobody's until the probation is over. */
function declined(lease: Lease6, { now, declineProbation }: Facts6): Lease6 {
  return {
    ...lease,
    duid: NO_BYTES,
    hwaddr: NO_BYTES,
    hwtype: 0,
    hwaddrSource: HwaddrSource.unknown,
    hostname: "",
    fqdnFwd: false,
    fqdnRev: false,
    userContext: "",
    cltt: now,
    validLifetime: declineProbation,
    preferredLifetime: 0,
    state: LeaseState.declined,
  };
}

const NO_BYTES = new Uint8Array(0);
