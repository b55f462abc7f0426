/** The lease that a choice becomes once the client has it. */
import { type Choice4, countsClientId } from "@kotare/core/allocate/allocate4";
import { equalBytes } from "@kotare/core/base/bytes";
import type { Seconds } from "@kotare/core/base/clock";
import { Option4 } from "@kotare/core/dhcp4/message4";
import type { LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { withAgentOptions } from "@kotare/core/leases/user-context/agent-options4";
import { withAuthReplay } from "@kotare/core/leases/user-context/auth-replay4";
import { withClientClasses } from "@kotare/core/leases/user-context/client-classes";
import { withMaps } from "@kotare/core/leases/user-context/user-context";
import type { Facts4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";
import { withWayBack } from "../summons/force-renew-terms4.ts";
import type { ClientName4 } from "./client-name4.ts";

export function makeLease4(
  query: Query4,
  choice: Choice4,
  name: ClientName4 | undefined,
  { now, view, secrets, terms }: Pick<Facts4, "now" | "view" | "secrets" | "terms">,
  validLifetime: Seconds,
  state: LeaseState,
): Lease4 {
  const { subnet } = choice.place;
  // Where client identifiers do not count they are not kept either: another server on the file might count them.
  const clientId = countsClientId(subnet, query.hwaddr) ? query.clientId : undefined;
  const isOwn = choice.current !== undefined && isSameClient(choice.current, query.hwaddr, clientId);
  const before = isOwn ? choice.current!.userContext : "";
  const classed = view.countsClasses ? withClientClasses(before, query.classes) : before;
  const agentOptions = subnet.parameters.storeExtendedInfo
    ? query.message.option(Option4.relayAgentInformation)
    : undefined;
  const relayed = agentOptions === undefined ? classed : withAgentOptions(classed, agentOptions);
  const { auth } = query;
  const signed = auth?.replay === undefined ? relayed : withAuthReplay(relayed, auth.replay);
  const context = withWayBack(signed, query, subnet, { secrets });
  return {
    address: choice.address,
    hwaddr: query.hwaddr,
    clientId,
    validLifetime,
    cltt: now,
    subnetId: subnet.id,
    poolId: choice.pool?.id ?? 0,
    state,
    fqdnFwd: name?.forward ?? false,
    fqdnRev: name?.reverse ?? false,
    hostname: name?.hostname ?? "",
    userContext: terms?.userContext === undefined ? context : withMaps(context, terms.userContext),
  };
}

function isSameClient(lease: Lease4, hwaddr: Uint8Array, clientId: Uint8Array | undefined): boolean {
  return equalBytes(lease.hwaddr, hwaddr) && hasClientId(lease, clientId);
}

function hasClientId(lease: Lease4, clientId: Uint8Array | undefined): boolean {
  if (lease.clientId === undefined || clientId === undefined) return lease.clientId === clientId;
  return equalBytes(lease.clientId, clientId);
}

/** Whether a renewal would write nothing but new times. */
export function isUnchanged4(lease: Lease4, renewed: Lease4): boolean {
  return (
    lease.address === renewed.address &&
    lease.subnetId === renewed.subnetId &&
    lease.hostname === renewed.hostname &&
    lease.fqdnFwd === renewed.fqdnFwd &&
    lease.fqdnRev === renewed.fqdnRev &&
    lease.userContext === renewed.userContext &&
    equalBytes(lease.hwaddr, renewed.hwaddr) &&
    hasClientId(lease, renewed.clientId)
  );
}
