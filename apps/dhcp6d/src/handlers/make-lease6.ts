/** The lease that a grant becomes once the client has it. */
import type { Granted6, IaQuery } from "@kotare/core/allocate/allocate6";
import { equalBytes } from "@kotare/core/base/bytes";
import type { LeaseState } from "@kotare/core/leases/model/lease";
import { HwaddrSource, type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { withClientClasses } from "@kotare/core/leases/user-context/client-classes";
import { type NextHop, withNextHop } from "@kotare/core/leases/user-context/next-hop6";
import { withRelayInfo } from "@kotare/core/leases/user-context/relay-info6";
import { withMaps } from "@kotare/core/leases/user-context/user-context";
import type { Facts6 } from "../path/outcome6.ts";
import type { Query6 } from "../path/query6.ts";
import { withWayBack } from "../summons/reconfigure-terms6.ts";
import type { ClientName6 } from "./client-name6.ts";
import type { Lifetimes6 } from "./lease-terms6.ts";

const NO_BYTES = new Uint8Array(0);

export function makeLease6(
  query: Query6,
  ia: IaQuery,
  granted: Granted6,
  name: ClientName6 | undefined,
  { now, view, secrets, terms }: Pick<Facts6, "now" | "view" | "secrets" | "terms">,
  lifetimes: Lifetimes6,
  state: LeaseState,
): Lease6 {
  const { subnet } = granted.place;
  const { current } = granted;
  const isOwn = current !== undefined && current.iaid === ia.iaid && equalBytes(current.duid, query.duid);
  const before = isOwn ? current.userContext : "";
  const keepsRelays = subnet.parameters.storeExtendedInfo && query.message.isRelayed;
  const classed = view.countsClasses ? withClientClasses(before, query.classes) : before;
  const relayed = keepsRelays ? withRelayInfo(classed, query.message) : classed;
  const reached = withWayBack(relayed, query, subnet, { secrets }, isOwn);
  const context = terms?.userContext === undefined ? reached : withMaps(reached, terms.userContext);
  return {
    type: ia.type,
    address: granted.address,
    prefixLength: granted.length,
    duid: query.duid,
    iaid: ia.iaid,
    preferredLifetime: lifetimes.preferred,
    validLifetime: lifetimes.valid,
    cltt: now,
    subnetId: subnet.id,
    poolId: granted.pool?.id ?? 0,
    state,
    fqdnFwd: name?.forward ?? false,
    fqdnRev: name?.reverse ?? false,
    hostname: name?.hostname ?? "",
    hwaddr: query.mac?.address ?? NO_BYTES,
    hwtype: query.mac?.htype ?? 0,
    hwaddrSource: query.mac?.source ?? HwaddrSource.unknown,
    userContext: ia.type === LeaseType6.prefix ? withNextHop(context, nextHop(query, granted)) : context,
  };
}

/** Who leads to the prefix: whom the message came from, be it the client or its relay. `undefined` where routes are off. */
function nextHop({ ingress }: Query6, { pool, place }: Granted6): NextHop | undefined {
  const isWanted = pool?.pdRoutes ?? place.subnet.parameters.pdRoutes;
  return isWanted ? { via: ingress.source, dev: ingress.interface.name } : undefined;
}

/** Whether a renewal would write nothing but new times. */
export function isUnchanged6(lease: Lease6, renewed: Lease6): boolean {
  return (
    lease.prefixLength === renewed.prefixLength &&
    lease.iaid === renewed.iaid &&
    lease.subnetId === renewed.subnetId &&
    lease.hostname === renewed.hostname &&
    lease.fqdnFwd === renewed.fqdnFwd &&
    lease.fqdnRev === renewed.fqdnRev &&
    lease.userContext === renewed.userContext &&
    lease.hwtype === renewed.hwtype &&
    lease.hwaddrSource === renewed.hwaddrSource &&
    equalBytes(lease.duid, renewed.duid) &&
    equalBytes(lease.hwaddr, renewed.hwaddr)
  );
}
