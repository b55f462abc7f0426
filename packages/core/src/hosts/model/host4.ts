/** Host reservations for DHCPv4: who may have what. */
import type { Ipv4 } from "../../ip/ipv4.ts";
import type { ScopeOptions } from "../../options/scope-options.ts";
import type { HostIdentifier, HostIndex } from "./host-index.ts";

/** Kea's `host-reservation-identifiers`. */
export type HostIdentifierType4 = "hw-address" | "duid" | "circuit-id" | "client-id" | "flex-id";
export type HostIdentifier4 = HostIdentifier<HostIdentifierType4>;

export interface Host4 {
  readonly identifierType: HostIdentifierType4;
  readonly identifier: Uint8Array;
  /** 0 when the reservation is not about an address. */
  readonly address: Ipv4;
  readonly hostname: string;
  /** Fixed fields of the reply; `undefined` leaves them to the subnet. */
  readonly nextServer: Ipv4 | undefined;
  readonly serverHostname: string | undefined;
  readonly bootFileName: string | undefined;
  readonly options: ScopeOptions;
  /** Classes that the client is in. */
  readonly classes: readonly string[];
}

export type HostIndex4 = HostIndex<HostIdentifierType4, Host4, Ipv4>;

export function reservedKeys4({ address }: Host4): readonly Ipv4[] {
  return address === 0 ? [] : [address];
}
