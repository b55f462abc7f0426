/** Which address a client gets, and by which rule: those of `findOffer4` and `findAck4`. */
import { belongsTo, type Choice4 } from "@kotare/core/allocate/allocate4";
import type { Section } from "@kotare/core/control/explanation";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Reply4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";

export function explainLease4(query: Query4, { lifetime, changes }: Reply4, choice: Choice4): Section {
  const { address, place, pool, replaces, conflict } = choice;
  const { subnet } = place;
  const where =
    pool === undefined
      ? "outside of all pools"
      : `in pool ${formatIpv4(pool.first)} - ${formatIpv4(pool.last)} of ${subnet.text}`;
  return {
    title: "lease",
    lines: [
      `${formatIpv4(address)}, ${where}, for ${lifetime} s`,
      `why: ${ruleOf(query, choice)}`,
      ...(conflict ? [`its reservation of ${formatIpv4(place.host?.address ?? 0)} is held by somebody else`] : []),
      ...(replaces === undefined ? [] : [`its lease of ${formatIpv4(replaces.address)} ends`]),
      ...(changes.reliesOn === undefined ? [] : ["its lease is confirmed as it is: cache-threshold, cache-max-age"]),
    ],
  };
}

function ruleOf({ message, hwaddr, clientId }: Query4, { address, place, current, searched }: Choice4): string {
  const { host, subnet } = place;
  if (host?.address === address) return "it is reserved for the client";
  if (current !== undefined && belongsTo(current, hwaddr, clientId, subnet)) {
    return current.state === LeaseState.offered ? "the client was offered it" : "the client has had it";
  }
  const requested = message.u32(Option4.requestedAddress) ?? message.ciaddr;
  const before = current === undefined ? "nobody has had it" : "the lease that was there is over";
  if (searched === undefined && requested === address) return `the client asks for it, and ${before}`;
  return `any address would do, and ${before}; the allocator is ${subnet.parameters.allocator}`;
}
