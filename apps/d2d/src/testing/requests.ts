/** Requests for tests. */
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";

/** @param client its DHCID's last byte */
export function add(
  name: string,
  address: string,
  client = 1,
  rest: Partial<NameChangeRequest> = {},
): NameChangeRequest {
  return {
    change: "add",
    forward: true,
    reverse: true,
    fqdn: `${name}.e.`,
    address,
    dhcid: Buffer.of(0, 1, 1, client).toString("hex"),
    ttl: 600,
    conflictResolutionMode: "check-with-dhcid",
    ...rest,
  };
}

export function remove(
  name: string,
  address: string,
  client = 1,
  rest: Partial<NameChangeRequest> = {},
): NameChangeRequest {
  return add(name, address, client, { change: "remove", ...rest });
}
