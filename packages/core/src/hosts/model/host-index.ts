/** Host reservations of one subnet, or the global ones: found by identifier or by what they set aside. */
import { latin1 } from "../../base/bytes.ts";

/** One identifier of a client, as a key: Kea's name of the type, and the bytes. */
export interface HostIdentifier<Type extends string> {
  readonly type: Type;
  readonly key: string;
}

export interface Identified<Type extends string> {
  readonly identifierType: Type;
  readonly identifier: Uint8Array;
}

/** @typeParam Address a form of address that can be a key of a `Map` */
export class HostIndex<Type extends string, Host extends Identified<Type>, Address extends string | number> {
  /** Pools are opened without what the configuration reserves, so what is found in them is nobody's. */
  readonly areLeftOut = true;
  readonly #byIdentifier = new Map<Type, Map<string, Host>>();
  readonly #byAddress = new Map<Address, Host[]>();

  /** @param addresses what is set aside for the host */
  add(host: Host, addresses: Iterable<Address>): void {
    const keys = this.#byIdentifier.get(host.identifierType) ?? new Map<string, Host>();
    this.#byIdentifier.set(host.identifierType, keys);
    keys.set(latin1(host.identifier), host);
    for (const address of addresses) {
      const there = this.#byAddress.get(address);
      if (there === undefined) this.#byAddress.set(address, [host]);
      else there.push(host);
    }
  }

  /** Most subnets have no reservations: then nobody's identifiers need be looked at. */
  get isEmpty(): boolean {
    return this.#byIdentifier.size === 0;
  }

  /** The first reservation that matches, in the order of the identifiers given. */
  find(identifiers: readonly HostIdentifier<Type>[]): Host | undefined {
    if (this.isEmpty) return undefined;
    for (const identifier of identifiers) {
      const host = this.get(identifier);
      if (host !== undefined) return host;
    }
    return undefined;
  }

  get({ type, key }: HostIdentifier<Type>): Host | undefined {
    return this.#byIdentifier.get(type)?.get(key);
  }

  /** All reservations of an address; more than one only with `ip-reservations-unique: false`. */
  at(address: Address): readonly Host[] {
    return this.#byAddress.get(address) ?? [];
  }

  addresses(): Iterable<Address> {
    return this.#byAddress.keys();
  }

  /** Whether somebody else than `host` has a reservation for the address. */
  isReservedForOther(address: Address, host: Host | undefined): boolean {
    const there = this.at(address);
    return there.length > 0 && (host === undefined || !there.includes(host));
  }
}
