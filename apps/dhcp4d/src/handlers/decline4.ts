/** Addresses that somebody else has: nobody gets one until the probation is over. */
import { belongsTo } from "@kotare/core/allocate/allocate4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { type Done4, drop4, type Facts4, type Handler4, type Reply4 } from "../path/outcome4.ts";

/** RFC 2131 §4.3.3: a client has found its address in use. */
export const decline4: Handler4 = (query, facts) => {
  const { message, places, hwaddr, clientId } = query;
  const address = message.u32(Option4.requestedAddress);
  if (address === undefined) return drop4("not-your-lease", "the DECLINE names no address (option 50)");
  const lease = facts.view.byAddress(address);
  // Only a lease that the client holds: otherwise anybody could empty a pool.
  if (lease === undefined || lease.state !== LeaseState.assigned) {
    return drop4("not-your-lease", `no lease for ${formatIpv4(address)}`);
  }
  // That of the lease, wherever this comes from: RFC 2131 table 5 forbids the options by which it may have got its class.
  const subnet = facts.subnets.byId(lease.subnetId) ?? places[0]?.subnet;
  if (subnet === undefined) return drop4("no-subnet");
  if (!belongsTo(lease, hwaddr, clientId, subnet)) {
    return drop4("not-your-lease", `${formatIpv4(address)} is another client's`);
  }
  return decline("declined", lease, facts);
};

/** RFC 2131 §3.1: we have found the address in use that we were going to offer. */
export function declineOffer4({ choice }: Reply4, facts: DeclineFacts): Done4 {
  const { address, place, pool } = choice!;
  const nobodys = { ...NOBODYS, address, subnetId: place.subnet.id, poolId: pool?.id ?? 0 };
  return decline("in-use", nobodys, facts);
}

type DeclineFacts = Pick<Facts4, "now" | "declineProbation">;

const NOBODYS = {
  hwaddr: new Uint8Array(0),
  clientId: undefined,
  hostname: "",
  fqdnFwd: false,
  fqdnRev: false,
  userContext: "",
  cltt: 0,
  validLifetime: 0,
  state: LeaseState.offered,
};

/** @param lease as it was */
function decline(event: Done4["event"], lease: Lease4, { now, declineProbation }: DeclineFacts): Done4 {
  const put = {
    ...lease,
    ...NOBODYS,
    cltt: now,
    validLifetime: declineProbation,
    state: LeaseState.declined,
  };
  return { kind: "done", event, lease, changes: { put, remove: undefined, reliesOn: undefined } };
}
