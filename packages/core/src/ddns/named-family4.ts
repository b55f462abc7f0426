/** DHCPv4's part where names follow leases. */
import { decodeIaidAndDuid } from "../dhcp4/options/client-id.ts";
import { formatIpv4 } from "../ip/ipv4.ts";
import type { LeaseBatch4, LeaseStore4 } from "../leases/model/lease-store4.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import { IdentifierType } from "../ncr/dhcid.ts";
import type { Scope4 } from "../subnets/compile/compile-subnets4.ts";
import { findPool4 } from "../subnets/subnet4.ts";
import type { Identity, NamedFamily, RulesOf } from "./named-family.ts";

/** Leases do not say of what kind the hardware address is. */
const ETHERNET = 1;
/** RFC 2132 §9.14: type 0 is for identifiers that are no hardware address. */
const DEBTOR: Uint8Array = Uint8Array.of(0, ...Buffer.from("ddns-owed"));

export function namedFamily4(store: LeaseStore4): NamedFamily<Lease4, LeaseBatch4> {
  return {
    addressOf: ({ address }) => address,
    formatAddress: ({ address }) => formatIpv4(address),
    identify,
    standIn: (lease) =>
      lease.hwaddr.length > 0 || lease.clientId !== undefined ? lease : { ...lease, clientId: DEBTOR },
    find: (batch, { address }) => batch.byAddress(address),
    page: (after, limit) => store.page(after?.address ?? -1, limit),
  };
}

/** RFC 4701 §3.5.2: a DUID where there is one (RFC 4361), else the client identifier, else the hardware address. */
function identify({ clientId, hwaddr }: Lease4): Identity {
  if (clientId === undefined) {
    const bytes = new Uint8Array(1 + hwaddr.length);
    bytes[0] = ETHERNET;
    bytes.set(hwaddr, 1);
    return { type: IdentifierType.hardware, bytes };
  }
  const duid = decodeIaidAndDuid(clientId)?.duid;
  return duid === undefined
    ? { type: IdentifierType.clientId, bytes: clientId }
    : { type: IdentifierType.duid, bytes: duid };
}

export function nameRulesOf4({ subnets, globalNames }: Scope4): RulesOf<Lease4> {
  return ({ subnetId, address }) => {
    const subnet = subnets.byId(subnetId);
    if (subnet === undefined) return globalNames;
    return findPool4(subnet, address)?.names ?? subnet.parameters.names;
  };
}
