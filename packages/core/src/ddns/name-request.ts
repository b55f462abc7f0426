/** What the DNS updater is asked for when a lease gets a name, or a name is to go. */
import type { Lease } from "../leases/lease.ts";
import type { FamilyBatch } from "../leases/lease-store.ts";
import type { NameRules } from "../names/name-rules.ts";
import type { NameChangeRequest } from "../ncr/name-change-request.ts";
import type { Flight } from "./due-names.ts";
import type { NamedFamily } from "./named-family.ts";
import { dhcidOf, fqdnOf } from "./published-name.ts";

export function nameRequest<L extends Lease, Batch extends FamilyBatch<L>>(
  family: NamedFamily<L, Batch>,
  rules: NameRules,
  { lease, removal }: Pick<Flight<L>, "lease" | "removal">,
): NameChangeRequest {
  const common = {
    address: family.formatAddress(lease),
    ttl: rules.ttlOf(lease.validLifetime),
    conflictResolutionMode: rules.conflictResolutionMode,
  };
  if (removal !== undefined) {
    const { fqdn, forward, reverse } = removal;
    return { ...common, change: "remove", fqdn, forward, reverse, dhcid: Buffer.from(removal.dhcid, "hex") };
  }
  const fqdn = fqdnOf(lease)!;
  const dhcid = dhcidOf(lease, fqdn, (each) => family.identify(each));
  return { ...common, change: "add", fqdn, forward: lease.fqdnFwd, reverse: lease.fqdnRev, dhcid };
}
