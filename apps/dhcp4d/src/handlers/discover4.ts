/** RFC 2131 §4.3.1: answers a DISCOVER with an OFFER, or not at all. */
import { chooseOffer4 } from "@kotare/core/allocate/allocate4";
import { reuseLifetime } from "@kotare/core/allocate/lease-cache";
import type { Seconds } from "@kotare/core/base/clock";
import { BuiltIn } from "@kotare/core/classify/built-in-classes";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { expiryOf, LeaseState, OFFER_HOLD } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { drop4, type Handler4, NO_CHANGES4 } from "../path/outcome4.ts";
import { nonceOffered } from "../summons/force-renew-terms4.ts";
import { nameClient4 } from "./client-name4.ts";
import { grantLifetime4 } from "./lease-terms4.ts";
import { makeLease4 } from "./make-lease4.ts";
import { offerNoAddress4 } from "./v6-only4.ts";

export const discover4: Handler4 = (query, facts) => {
  const { message, places, classes, hwaddr, clientId } = query;
  const selected = places[0]?.subnet;
  if (selected === undefined) return drop4("no-subnet");
  if (classes.has(BuiltIn.reject)) return drop4("class-reject");
  const withoutAddress = offerNoAddress4(query);
  if (withoutAddress !== undefined) return withoutAddress;
  const { view, now, random, terms } = facts;
  const requested = message.u32(Option4.requestedAddress) ?? message.ciaddr;
  const choice = chooseOffer4({ view, now, random, places, classes, hwaddr, clientId, requested });
  if (typeof choice === "string")
    return drop4(choice === "no-pool" ? choice : "no-address", choice, { subnet: selected, classes });

  const { parameters } = choice.place.subnet;
  const name = nameClient4(query, choice.place, choice.pool, choice.address, terms);
  const granted = terms?.lifetime ?? grantLifetime4(query, choice, facts);
  const lifetime = (choice.current && reuseLifetime(parameters, choice.current, granted, now)) ?? granted;
  const offerLifetime = query.profile.values.offerLifetime ?? parameters.offerLifetime;
  let put = NO_CHANGES4.put;
  if (offerLifetime > 0) {
    if (!outlasts(choice.current, now + offerLifetime)) {
      // Nobody has taken it yet, so it has no name in the DNS.
      const unpublished = name && { ...name, forward: false, reverse: false };
      put = makeLease4(query, choice, unpublished, facts, offerLifetime, LeaseState.assigned);
    }
  } else if (choice.current === undefined || choice.current.state === LeaseState.offered) {
    // An offer is remembered where the address has no lease yet; a lease that somebody had stays until the REQUEST.
    put = makeLease4(query, choice, name, facts, OFFER_HOLD, LeaseState.offered);
  }
  return {
    kind: "reply",
    type: MessageType4.DHCPOFFER,
    yiaddr: choice.address,
    place: choice.place,
    pool: choice.pool,
    lifetime,
    name,
    message: undefined,
    changes: { put, remove: undefined, reliesOn: undefined },
    choice,
    nonce: nonceOffered(query, choice.place.subnet, facts),
  };
};

/** The client goes on using the lease that it has, whatever becomes of the offer. */
function outlasts(lease: Lease4 | undefined, end: Seconds): boolean {
  return lease?.state === LeaseState.assigned && expiryOf(lease) >= end;
}
