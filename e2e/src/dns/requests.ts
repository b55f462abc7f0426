/** Name-change requests for tests. */

import { IdentifierType, makeDhcid } from "@kotare/core/ncr/dhcid";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";

/** The zones that the requests are for. */
export const FORWARD = "lab.example";
export const REVERSE4 = "10.in-addr.arpa";
export const REVERSE6 = "8.b.d.0.1.0.0.2.ip6.arpa";

/** @param client tells one client's DHCID from another's */
export function add(
  name: string,
  address: string,
  client: number,
  rest: Partial<NameChangeRequest> = {},
): NameChangeRequest {
  const fqdn = `${name}.${FORWARD}.`;
  return {
    change: "add",
    forward: true,
    reverse: true,
    fqdn,
    address,
    dhcid: makeDhcid(IdentifierType.hardware, Uint8Array.of(1, 2, 0, 0, client >> 16, client >> 8, client), fqdn),
    ttl: 600,
    conflictResolutionMode: "check-with-dhcid",
    ...rest,
  };
}

export function remove(
  name: string,
  address: string,
  client: number,
  rest: Partial<NameChangeRequest> = {},
): NameChangeRequest {
  return add(name, address, client, { change: "remove", ...rest });
}

/** The `i`-th of many clients, each with a name and an address of its own. */
export function crowd(count: number, first = 0): NameChangeRequest[] {
  return Array.from({ length: count }, (_, k) => {
    const i = first + k;
    return add(`host-${i}`, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, i);
  });
}
