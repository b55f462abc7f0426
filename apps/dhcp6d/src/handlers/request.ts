/** RFC 8415 §18.3.2, §18.3.4, §18.3.5: REQUEST, RENEW and REBIND give, keep or end leases, association by association. */

import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { drop6, type Facts6, type Handler6, type IaAnswer, type Reply6 } from "../outcome6.ts";
import type { Query6 } from "../query6.ts";
import { assignIas, leaseTypeOf } from "./assign.ts";

export const request: Handler6 = (query, facts) => lease(query, facts, (ia) => ia);

/** An association without anything in it was never known here, or could not be kept. */
export const renew: Handler6 = (query, facts) =>
  lease(query, facts, (ia, asked) => withEndedWishes(ia, asked, query, facts));

/** A server that knows neither the link nor the leases leaves the answer to others: REBIND is for all servers. */
export const rebind: Handler6 = (query, facts) => {
  const isOurs = query.places.length > 0 || query.message.ias.some((ia) => isKnown(ia, facts));
  return isOurs ? renew(query, facts) : drop6("no-subnet");
};

function lease(query: Query6, facts: Facts6, finish: (ia: IaAnswer, asked: IdentityAssociation) => IaAnswer): Reply6 {
  const { ias, changes, name } = assignIas(query, facts, "lease");
  return {
    kind: "reply",
    type: MessageType6.REPLY,
    ias: ias.map(({ asked, answer }) => finish(answer, asked)),
    status: undefined,
    isRapid: false,
    place: query.places[0] ?? "global",
    name,
    changes,
    event: "leased",
  };
}

/** RFC 8415 §18.3.4: what the client names in a RENEW and is not given again gets lifetimes of 0. */
function withEndedWishes(ia: IaAnswer, asked: IdentityAssociation, query: Query6, facts: Facts6): IaAnswer {
  const told = new Set(ia.leases.map(({ address }) => address));
  const ended = asked.leases
    .filter(({ address }) => !told.has(address))
    .map(({ address, length }) => ({ address, length, preferred: 0, valid: 0 }));
  if (ia.given.length > 0 || query.places.length > 0) return { ...ia, leases: [...ia.leases, ...ended] };
  // No subnet fits: only a binding that we know of lets us say that it is over.
  const status = { code: StatusCode6.NoBinding, text: "No binding is known for this association." };
  return isKnown(asked, facts) ? { ...ia, leases: ended, status: undefined } : { ...ia, leases: [], status };
}

function isKnown(ia: IdentityAssociation, { view }: Facts6): boolean {
  return ia.leases.some(({ address }) => view.byAddress(leaseTypeOf(ia), address) !== undefined);
}
