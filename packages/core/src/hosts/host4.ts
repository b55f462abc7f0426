/** Host reservations for DHCPv4: who may have what, found by identifier or by address. */
import { latin1 } from "../base/bytes.ts";
import type { Ipv4 } from "../ip/ipv4.ts";
import type { OptionSet } from "../options/compile.ts";

/** Kea's `host-reservation-identifiers`. */
export type HostIdentifierType4 = "hw-address" | "duid" | "circuit-id" | "client-id" | "flex-id";

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
  readonly options: OptionSet;
}

/** One identifier of a client, as a key: the type and its bytes. */
export interface HostIdentifier4 {
  readonly type: HostIdentifierType4;
  readonly key: string;
}

/** The reservations of one subnet, or the global ones. */
export class HostIndex4 {
  readonly #byIdentifier = new Map<HostIdentifierType4, Map<string, Host4>>();
  readonly #byAddress = new Map<Ipv4, Host4[]>();

  add(host: Host4): void {
    const keys = this.#byIdentifier.get(host.identifierType) ?? new Map<string, Host4>();
    this.#byIdentifier.set(host.identifierType, keys);
    keys.set(latin1(host.identifier), host);
    if (host.address === 0) return;
    const there = this.#byAddress.get(host.address);
    if (there === undefined) this.#byAddress.set(host.address, [host]);
    else there.push(host);
  }

  get isEmpty(): boolean {
    return this.#byIdentifier.size === 0;
  }

  identifierTypes(): Iterable<HostIdentifierType4> {
    return this.#byIdentifier.keys();
  }

  /** The first reservation that matches, in the order of the identifiers given. */
  find(identifiers: readonly HostIdentifier4[]): Host4 | undefined {
    if (this.#byIdentifier.size === 0) return undefined;
    for (const { type, key } of identifiers) {
      const host = this.#byIdentifier.get(type)?.get(key);
      if (host !== undefined) return host;
    }
    return undefined;
  }

  /** All reservations of an address; more than one only with `ip-reservations-unique: false`. */
  at(address: Ipv4): readonly Host4[] {
    return this.#byAddress.get(address) ?? [];
  }

  addresses(): Iterable<Ipv4> {
    return this.#byAddress.keys();
  }
}

/** Whether somebody else than `host` has a reservation for the address. */
export function isReservedForOther(index: HostIndex4, address: Ipv4, host: Host4 | undefined): boolean {
  const there = index.at(address);
  return there.length > 0 && (host === undefined || !there.includes(host));
}
