/** RFC 8415 §18.3.7, §18.3.8: RELEASE and DECLINE end leases that the client holds. */
import { equalBytes } from "@kotare/core/base/bytes";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { INFINITE_LIFETIME, LeaseState } from "@kotare/core/leases/lease";
import { HwaddrSource, type Lease6 } from "@kotare/core/leases/lease6";
import { type Facts6, type Handler6, type IaAnswer, NO_CHANGES6, type Reply6 } from "../outcome6.ts";
import type { Query6 } from "../query6.ts";
import { leaseTypeOf } from "./assign.ts";

export const release: Handler6 = (query, facts) =>
  giveUp(query, facts, "released", query.message.ias, (lease) => released(lease, facts));

/** Of addresses. Prefixes cannot be declined, since nobody else can be found to use them: no word is lost about them. */
export const decline: Handler6 = (query, facts) => {
  const ias = query.message.ias.filter(({ code }) => code === Option6.iaNa);
  return giveUp(query, facts, "declined", ias, (lease) => declined(lease, facts));
};

function giveUp(
  query: Query6,
  facts: Facts6,
  event: "released" | "declined",
  given: readonly IdentityAssociation[],
  become: (lease: Lease6) => Lease6,
): Reply6 {
  const put: Lease6[] = [];
  const ias: IaAnswer[] = [];
  for (const ia of given) {
    const held = ia.leases
      .map(({ address }) => facts.view.byAddress(leaseTypeOf(ia), address))
      .filter((lease): lease is Lease6 => lease !== undefined && isHeld(lease, ia, query))
      .map(become);
    put.push(...held);
    if (held.length < ia.leases.length || ia.leases.length === 0) ias.push(withoutBinding(ia));
  }
  return {
    kind: "reply",
    type: MessageType6.REPLY,
    ias,
    status: { code: StatusCode6.Success, text: event === "released" ? "Released." : "Declined." },
    isRapid: false,
    place: undefined,
    name: undefined,
    changes: { ...NO_CHANGES6, put },
    event,
  };
}

/** Only the client that holds a lease can give it up. */
function isHeld(lease: Lease6, { iaid }: IdentityAssociation, { duid }: Query6): boolean {
  return lease.state === LeaseState.assigned && lease.iaid === iaid && equalBytes(lease.duid, duid);
}

function withoutBinding({ code, iaid }: IdentityAssociation): IaAnswer {
  const status = { code: StatusCode6.NoBinding, text: "No such binding." };
  return { code, iaid, t1: 0, t2: 0, leases: [], status, given: [] };
}

/** It ends now, so that the time for which it is kept counts from here; so does a lease without end. */
function released(lease: Lease6, { now }: Facts6): Lease6 {
  const validLifetime = lease.validLifetime === INFINITE_LIFETIME ? 1 : lease.validLifetime;
  return { ...lease, validLifetime, cltt: now - validLifetime, state: LeaseState.reclaimed };
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
