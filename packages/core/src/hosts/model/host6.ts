/** Host reservations for DHCPv6: several addresses and prefixes for one client. */
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { LeaseType6 } from "../../leases/model/lease6.ts";
import type { ScopeOptions } from "../../options/scope-options.ts";
import type { HostIdentifier, HostIndex } from "./host-index.ts";

/** Kea's `host-reservation-identifiers`. */
export type HostIdentifierType6 = "hw-address" | "duid" | "flex-id";
export type HostIdentifier6 = HostIdentifier<HostIdentifierType6>;

/** An address or a prefix that is set aside. */
export interface ReservedLease6 {
  readonly type: LeaseType6;
  readonly address: Ipv6Key;
  /** 128 for an address. */
  readonly length: number;
  /** Part of a prefix that the client must not use (RFC 6603). */
  readonly excluded: { readonly address: Ipv6Key; readonly length: number } | undefined;
}

export interface Host6 {
  readonly identifierType: HostIdentifierType6;
  readonly identifier: Uint8Array;
  readonly leases: readonly ReservedLease6[];
  readonly hostname: string;
  readonly options: ScopeOptions;
  /** Classes that the client is in. */
  readonly classes: readonly string[];
}

/** By `reservedKey`. */
export type HostIndex6 = HostIndex<HostIdentifierType6, Host6, string>;

/** Addresses and prefixes are reserved apart from each other. */
export function reservedKey(type: LeaseType6, address: Ipv6Key): string {
  return `${type} ${address}`;
}

export function addressOfReservedKey(key: string): Ipv6Key {
  return key.slice(key.indexOf(" ") + 1) as Ipv6Key;
}

export function reservedKeys6({ leases }: Host6): readonly string[] {
  return leases.map(({ type, address }) => reservedKey(type, address));
}
