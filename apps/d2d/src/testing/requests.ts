/** Requests for tests. */
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";

/** @param client the first byte of the digest */
export function dhcidOf(client: number): string {
  return `000101${client.toString(16).padStart(2, "0")}`.padEnd(70, "0");
}

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
    dhcid: dhcidOf(client),
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
