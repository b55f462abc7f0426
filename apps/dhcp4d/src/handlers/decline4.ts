/** RFC 2131 §4.3.3: a client has found its address in use; nobody gets it until the probation is over. */
import { belongsTo } from "@kotare/core/allocate/allocate4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { drop4, type Handler4 } from "../path/outcome4.ts";

export const decline4: Handler4 = (query, facts) => {
  const { message, places, hwaddr, clientId } = query;
  const address = message.u32(Option4.requestedAddress);
  if (address === undefined) return drop4("not-your-lease", "the DECLINE names no address (option 50)");
  const lease = facts.view.byAddress(address);
  // Only a lease that the client holds: otherwise anybody could empty a pool.
  if (lease === undefined || lease.state !== LeaseState.assigned) {
    return drop4("not-your-lease", `no lease for ${formatIpv4(address)}`);
  }
  const subnet = places.find((place) => place.subnet.id === lease.subnetId)?.subnet ?? places[0]?.subnet;
  if (subnet === undefined) return drop4("no-subnet");
  if (!belongsTo(lease, hwaddr, clientId, subnet)) {
    return drop4("not-your-lease", `${formatIpv4(address)} is another client's`);
  }
  const declined = {
    ...lease,
    hwaddr: new Uint8Array(0),
    clientId: undefined,
    hostname: "",
    fqdnFwd: false,
    fqdnRev: false,
    userContext: "",
    cltt: facts.now,
    validLifetime: facts.declineProbation,
    state: LeaseState.declined,
  };
  return { kind: "done", event: "declined", lease, changes: { put: declined, remove: undefined, reliesOn: undefined } };
};
