/** DHCPv6's part where names follow leases. */
import { formatIpv6Key } from "../ip/ipv6-key.ts";
import type { LeaseBatch6, LeaseStore6 } from "../leases/model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../leases/model/lease6.ts";
import { IdentifierType } from "../ncr/dhcid.ts";
import type { Scope6 } from "../subnets/compile/compile-subnets6.ts";
import { findPoolAround6 } from "../subnets/subnet6.ts";
import type { NamedFamily, RulesOf } from "./named-family.ts";

/** RFC 8415 §11: no client's DUID is of type 0. */
const DEBTOR: Uint8Array = Uint8Array.of(0, 0, ...Buffer.from("ddns-owed"));

export function namedFamily6(store: LeaseStore6): NamedFamily<Lease6, LeaseBatch6> {
  return {
    addressOf: ({ type, address }) => (type === LeaseType6.address ? address : undefined),
    formatAddress: ({ address }) => formatIpv6Key(address),
    identify: ({ duid }) => ({ type: IdentifierType.duid, bytes: duid }),
    standIn: (lease) => (lease.duid.length > 0 ? lease : { ...lease, duid: DEBTOR }),
    find: (batch, { type, address }) => batch.byAddress(type, address),
    page: (after, limit) => store.page(LeaseType6.address, after?.address, limit),
  };
}

export function nameRulesOf6({ subnets, globalNames }: Scope6): RulesOf<Lease6> {
  return ({ subnetId, type, address }) => {
    const subnet = subnets.byId(subnetId);
    if (subnet === undefined) return globalNames;
    return findPoolAround6(subnet, type, address)?.names ?? subnet.parameters.names;
  };
}
