/** RFC 2131 §4.3.4: a client gives its address back; we keep it for the client until somebody else needs it. */
import { belongsTo } from "@kotare/core/allocate/allocate4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { withAuthReplay } from "@kotare/core/leases/user-context/auth-replay4";
import { drop4, type Handler4 } from "../path/outcome4.ts";

export const release4: Handler4 = (query, facts) => {
  const { message, places, hwaddr, clientId } = query;
  const lease = facts.view.byAddress(message.ciaddr);
  if (lease === undefined || lease.state !== LeaseState.assigned) {
    return drop4("not-your-lease", `no lease for ${formatIpv4(message.ciaddr)}`);
  }
  // That of the lease, wherever this comes from: RFC 2131 table 5 forbids the options by which it may have got its class.
  const subnet = facts.subnets.byId(lease.subnetId) ?? places[0]?.subnet;
  if (subnet === undefined) return drop4("no-subnet");
  if (!belongsTo(lease, hwaddr, clientId, subnet)) {
    return drop4("not-your-lease", `${formatIpv4(message.ciaddr)} is another client's`);
  }
  // It ends now, so that the time for which it is kept counts from here; and its client was heard now: of two servers that
  // have the lease this one knows more.
  const replay = query.auth?.replay;
  const released = {
    ...lease,
    validLifetime: 1,
    cltt: facts.now - 1,
    state: LeaseState.reclaimed,
    userContext: replay === undefined ? lease.userContext : withAuthReplay(lease.userContext, replay),
  };
  return { kind: "done", event: "released", lease, changes: { put: released, remove: undefined, reliesOn: undefined } };
};
