/** RFC 8415 §18.3.2, §18.3.4, §18.3.5: REQUEST, RENEW and REBIND give, keep or end leases, association by association. */
import { mapped } from "@kotare/core/allocate/mapped";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { UNSPECIFIED } from "@kotare/core/ip/ipv6-key";
import { drop6, type Facts6, type Handler6, type IaAnswer, type Reply6 } from "../path/outcome6.ts";
import { iasOf, isOnLink, type Query6 } from "../path/query6.ts";
import { reconfigureFor } from "../summons/reconfigure-terms6.ts";
import { assignIas, leaseTypeOf } from "./assign-ias6.ts";

/** RFC 8415 §18.3.2: an association with an address that is not of the link is told so, and gets nothing. */
export const request6: Handler6 = (query, facts) => {
  const ias = iasOf(query);
  if (!ias.some((ia) => isElsewhere(ia, query))) return lease(query, facts, ias);
  const elsewhere = new Set(ias.filter((ia) => isElsewhere(ia, query)));
  const here = ias.filter((ia) => !elsewhere.has(ia));
  const reply = lease(query, facts, here);
  return { ...reply, ias: [...reply.ias, ...[...elsewhere].map(notOnLink)] };
};

/** An association without anything in it was never known here, or could not be kept. */
export const renew6: Handler6 = (query, facts) =>
  lease(query, facts, iasOf(query), (ia, asked) => withEndedWishes(ia, asked, query, facts));

/** A server that knows neither the link nor the leases leaves the answer to others: REBIND is for all servers. */
export const rebind6: Handler6 = (query, facts) => {
  const isOurs = query.places.length > 0 || iasOf(query).some((ia) => isKnown(ia, facts));
  return isOurs ? renew6(query, facts) : drop6("no-subnet");
};

/** Where no subnet fits, nobody knows what is of the link. An unspecified address stands for any. */
function isElsewhere({ code, leases }: IdentityAssociation, query: Query6): boolean {
  if (code !== Option6.iaNa || query.places.length === 0) return false;
  return leases.some(({ address }) => address !== UNSPECIFIED && !isOnLink(query, address));
}

function notOnLink({ code, iaid }: IdentityAssociation): IaAnswer {
  const status = { code: StatusCode6.NotOnLink, text: "Some of the addresses are not on-link." };
  return { code, iaid, t1: 0, t2: 0, leases: [], status, given: [] };
}

function lease(
  query: Query6,
  facts: Facts6,
  wanted: readonly IdentityAssociation[],
  finish?: (ia: IaAnswer, asked: IdentityAssociation) => IaAnswer,
): Reply6 {
  const { asked, answers, changes, name } = assignIas(query, facts, "lease", wanted);
  return {
    kind: "reply",
    type: MessageType6.REPLY,
    ias: finish === undefined ? answers : mapped(answers, (answer, i) => finish(answer, asked[i]!)),
    status: undefined,
    isRapid: false,
    place: query.places[0] ?? "global",
    name,
    changes,
    reconfigure: reconfigureFor(query, facts),
    event: "leased",
  };
}

/** RFC 8415 §18.3.4: what the client names in a RENEW and is not given again gets lifetimes of 0. */
function withEndedWishes(ia: IaAnswer, asked: IdentityAssociation, query: Query6, facts: Facts6): IaAnswer {
  const told = new Set(ia.leases.map(({ address }) => address));
  const wishes = asked.leases.filter(({ address }) => !told.has(address));
  const ended = mapped(wishes, ({ address, length }) => ({ address, length, preferred: 0, valid: 0 }));
  if (ia.given.length > 0 || query.places.length > 0) return { ...ia, leases: [...ia.leases, ...ended] };
  // No subnet fits: only a binding that we know of lets us say that it is over.
  const status = { code: StatusCode6.NoBinding, text: "No binding is known for this association." };
  return isKnown(asked, facts) ? { ...ia, leases: ended, status: undefined } : { ...ia, leases: [], status };
}

function isKnown(ia: IdentityAssociation, { view }: Facts6): boolean {
  return ia.leases.some(({ address }) => view.byAddress(leaseTypeOf(ia), address) !== undefined);
}
