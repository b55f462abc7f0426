/** RFC 9686 §4.2: a host tells which address it has chosen itself, so that logs and names in the DNS know it. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { reservedKey } from "@kotare/core/hosts/model/host6";
import { isInPrefix } from "@kotare/core/ip/ipv6-key";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { LeaseType6 } from "@kotare/core/leases/model/lease6";
import { drop6, type Handler6, NO_CHANGES6 } from "../path/outcome6.ts";
import type { Query6 } from "../path/query6.ts";
import { nameClient6 } from "./client-name6.ts";
import { makeLease6 } from "./make-lease6.ts";

/** A registration has no association; the row has this number. */
const NO_IAID = 0;

export const addrRegInform6: Handler6 = (query, facts) => {
  const { message, places } = query;
  const { view, terms } = facts;
  if (!facts.allowsRegistration) return drop6("registration-off");
  if (holdsAssociation(message)) return drop6("unwanted-ia");
  const [told, ...others] = message.addresses;
  if (told === undefined || others.length > 0) return drop6("not-one-address");
  const { address, length } = told;
  if (address !== senderOf(query)) return drop6("not-its-address");
  const place = places.find(({ subnet }) => isInPrefix(address, subnet.prefix, subnet.prefixLength));
  if (place === undefined) return drop6(places.length === 0 ? "no-subnet" : "address-elsewhere");
  const type = LeaseType6.address;
  if (place.hosts.isReservedForOther(reservedKey(type, address), undefined)) return drop6("address-reserved");
  if (!view.keepsRegistered) return drop6("no-registered-state");
  const former = view.byAddress(type, address);
  const current = former?.state === LeaseState.registered ? former : undefined;
  // As in Kea, what is kept for a client that may come back counts, too.
  if (former !== current && former?.state !== LeaseState.offered) return drop6("address-leased");
  const granted = { place, pool: undefined, address, length, reserved: undefined, current, searched: undefined };
  const name = nameClient6(query, place, granted, terms);
  const lease = makeLease6(
    query,
    { type, iaid: NO_IAID, hints: [] },
    granted,
    name,
    facts,
    told,
    LeaseState.registered,
  );
  return {
    kind: "reply",
    type: MessageType6.ADDR_REG_REPLY,
    ias: [],
    status: undefined,
    isRapid: false,
    place,
    name,
    changes: { ...NO_CHANGES6, put: [lease] },
    registered: { ...told, former: current },
    event: "registered",
  };
};

function holdsAssociation(message: Message6): boolean {
  return [Option6.iaNa, Option6.iaTa, Option6.iaPd].some((code) => message.hasOption(code));
}

/** Whom the message comes from, as the relay nearest to the host saw it. */
function senderOf({ message, ingress }: Query6) {
  return message.relays.at(-1)?.peerAddress ?? ingress.source;
}
