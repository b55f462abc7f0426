/** RFC 2131 §4.3.2: answers a REQUEST in the states SELECTING, INIT-REBOOT, RENEWING and REBINDING. */
import { chooseAck4, findOwnLease4, type Refusal4 } from "@kotare/core/allocate/allocate4";
import { reuseLifetime } from "@kotare/core/allocate/lease-cache";
import { BuiltIn } from "@kotare/core/classify/built-in-classes";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { type Message4, Option4 } from "@kotare/core/dhcp4/message4";
import { type Ipv4, LIMITED_BROADCAST, prefixContains } from "@kotare/core/ip/ipv4";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { drop4, type Handler4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";
import { nonceFor } from "../summons/force-renew-terms4.ts";
import { nameClient4 } from "./client-name4.ts";
import { grantLifetime4 } from "./lease-terms4.ts";
import { isUnchanged4, makeLease4 } from "./make-lease4.ts";
import { naks } from "./nak4.ts";

export const request4: Handler4 = (query, facts) => {
  const { message, places, classes, hwaddr, clientId } = query;
  const { view, now, random, terms } = facts;
  const place = places[0];
  if (place === undefined) return isChoiceOfUs(message) ? naks["unknown-network"] : drop4("no-subnet");
  if (classes.has(BuiltIn.reject)) return naks["class-reject"];
  const asked = message.u32(Option4.requestedAddress);
  const requested = asked ?? message.ciaddr;

  const isInitReboot = asked !== undefined && !message.hasOption(Option4.serverIdentifier);
  if (isInitReboot) {
    // "If the DHCP server has no record of this client, then it MUST remain silent."
    const own = findOwnLease4({ view, places, hwaddr, clientId });
    if (own === undefined || own.state === LeaseState.offered) {
      return place.subnet.parameters.authoritative ? naks["unknown-client"] : drop4("unknown-client");
    }
    if (own.address !== requested) return naks["another-address"];
  }

  const choice = chooseAck4({ view, now, random, places, classes, hwaddr, clientId, requested });
  if (typeof choice === "string") return refuse(query, choice, requested);

  const { parameters } = choice.place.subnet;
  const name = nameClient4(query, choice.place, choice.pool, choice.address, terms);
  const granted = terms?.lifetime ?? grantLifetime4(query, choice, facts);
  const renewed = makeLease4(query, choice, name, facts, granted, LeaseState.assigned);
  const cached = choice.current && reuseLifetime(parameters, choice.current, granted, now);
  const isCached = cached !== undefined && choice.replaces === undefined && isUnchanged4(choice.current!, renewed);
  return {
    kind: "reply",
    type: MessageType4.DHCPACK,
    yiaddr: choice.address,
    place: choice.place,
    pool: choice.pool,
    lifetime: isCached ? cached : granted,
    name,
    message: undefined,
    changes: isCached
      ? { put: undefined, remove: undefined, reliesOn: choice.current }
      : { put: renewed, remove: choice.replaces, reliesOn: undefined },
    choice,
    nonce: nonceFor(query, choice.place.subnet, facts, choice.current),
  };
};

/** Through a relay a client has chosen us that is in no network of ours: as in Kea it is told so, and begins anew. */
function isChoiceOfUs(message: Message4): boolean {
  return message.isRelayed && (message.u32(Option4.serverIdentifier) ?? 0) !== 0;
}

function refuse(query: Query4, refusal: Refusal4, address: Ipv4) {
  if (refusal === "unknown-address") {
    const isAuthoritative = query.places[0]!.subnet.parameters.authoritative;
    // Another server may know an address that is none of ours.
    if (!isAuthoritative || isForAnother(query, address)) return drop4("unknown-address");
  }
  return naks[refusal];
}

/**
 * REBINDING, a client asks every server: who gives other addresses of the same subnet leaves it to the one that has the
 * pool with this one.
 */
function isForAnother({ message, ingress, places }: Query4, address: Ipv4): boolean {
  const isToAll = message.isRelayed || ingress.destination === LIMITED_BROADCAST;
  const isExtension = message.ciaddr !== 0 && !message.hasOption(Option4.requestedAddress);
  return isToAll && isExtension && places.some(({ subnet }) => prefixContains(subnet.prefix, address));
}
