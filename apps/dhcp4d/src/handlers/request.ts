/** RFC 2131 §4.3.2: answers a REQUEST in the states SELECTING, INIT-REBOOT, RENEWING and REBINDING. */
import { chooseAck4, findOwnLease4, type Refusal4 } from "@kotare/core/allocate/allocate4";
import { reuseLifetime } from "@kotare/core/allocate/lease-cache";
import { BuiltIn } from "@kotare/core/classify/built-in-classes";
import { MessageType } from "@kotare/core/dhcp4/message-type";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { LeaseState } from "@kotare/core/leases/lease";
import { nameClient4 } from "../client-name4.ts";
import { grantLifetime } from "../lease-terms4.ts";
import { isUnchanged4, makeLease4 } from "../make-lease4.ts";
import { drop, type Handler4, NO_CHANGES, type Reply4 } from "../outcome4.ts";
import type { Query4 } from "../query4.ts";

const NAK: Reply4 = {
  kind: "reply",
  type: MessageType.DHCPNAK,
  yiaddr: 0,
  place: undefined,
  pool: undefined,
  lifetime: undefined,
  name: undefined,
  changes: NO_CHANGES,
  choice: undefined,
};

export const request: Handler4 = (query, facts) => {
  const { message, places, classes, hwaddr, clientId } = query;
  const { view, now, random } = facts;
  const place = places[0];
  if (place === undefined) return drop("no-subnet");
  if (classes.has(BuiltIn.reject)) return NAK;
  const asked = message.u32(Option4.requestedAddress);
  const requested = asked ?? message.ciaddr;

  const isInitReboot = asked !== undefined && !message.hasOption(Option4.serverIdentifier);
  if (isInitReboot) {
    // "If the DHCP server has no record of this client, then it MUST remain silent."
    const own = findOwnLease4({ view, places, hwaddr, clientId });
    if (own === undefined || own.state === LeaseState.offered) {
      return place.subnet.parameters.authoritative ? NAK : drop("unknown-client");
    }
    if (own.address !== requested) return NAK;
  }

  const choice = chooseAck4({ view, now, random, places, classes, hwaddr, clientId, requested });
  if (typeof choice === "string") return refuse(query, choice);

  const { parameters } = choice.place.subnet;
  const name = nameClient4(query, choice.place, choice.pool, choice.address);
  const granted = grantLifetime(query, parameters);
  const renewed = makeLease4(query, choice, name, now, granted, LeaseState.assigned);
  const cached = choice.current && reuseLifetime(parameters, choice.current, granted, now);
  const isCached = cached !== undefined && choice.replaces === undefined && isUnchanged4(choice.current!, renewed);
  return {
    kind: "reply",
    type: MessageType.DHCPACK,
    yiaddr: choice.address,
    place: choice.place,
    pool: choice.pool,
    lifetime: isCached ? cached : granted,
    name,
    changes: isCached
      ? { put: undefined, remove: undefined, reliesOn: choice.current }
      : { put: renewed, remove: choice.replaces?.address, reliesOn: undefined },
    choice,
  };
};

function refuse(query: Query4, refusal: Refusal4) {
  const isAuthoritative = query.places[0]!.subnet.parameters.authoritative;
  // Another server may know an address that is none of ours.
  if (refusal === "unknown-address" && !isAuthoritative) return drop("unknown-address");
  return NAK;
}
