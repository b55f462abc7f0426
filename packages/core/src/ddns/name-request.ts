/** What the DNS updater is asked for when a lease gets a name, or a name is to go. */
import type { Lease } from "../leases/model/lease.ts";
import type { LeaseBatch } from "../leases/model/lease-store.ts";
import type { NameRules } from "../names/name-rules.ts";
import type { NameChangeRequest } from "../ncr/name-change-request.ts";
import type { Flight } from "./due-names.ts";
import type { NamedFamily } from "./named-family.ts";
import { dhcidOf } from "./published-name.ts";

export function nameRequest<L extends Lease, Batch extends LeaseBatch<L>>(
  family: NamedFamily<L, Batch>,
  rules: NameRules,
  { lease, removal, fqdn }: Flight<L>,
  confirm: number,
): NameChangeRequest {
  const address = family.formatAddress(lease);
  const ttl = rules.ttlOf(lease.validLifetime);
  const { conflictResolutionMode } = rules;
  if (removal !== undefined) {
    const { forward, reverse, dhcid } = removal;
    return { change: "remove", forward, reverse, fqdn, address, dhcid, ttl, conflictResolutionMode, confirm };
  }
  const { fqdnFwd: forward, fqdnRev: reverse } = lease;
  const dhcid = dhcidOf(lease, fqdn, family.identify);
  return { change: "add", forward, reverse, fqdn, address, dhcid, ttl, conflictResolutionMode, confirm };
}
