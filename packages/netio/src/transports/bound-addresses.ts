/** The IPv4 addresses that a transport has sockets for: they follow those of the served interfaces. */

import type { Transport } from "./datagram.ts";

/** An IPv4 address of an interface, as an unsigned 32-bit number. */
export interface UdpAddress {
  readonly address: number;
  readonly ifindex: number;
}

export interface UdpTransport extends Transport {
  /**
   * Opens sockets for the addresses that are new and closes those that are gone; the others stay as they are.
   * @throws the first address's `SystemError` that cannot be bound, after all others were tried.
   */
  listen(addresses: readonly UdpAddress[]): void;
}

/** Opens and closes the sockets of addresses. */
interface Binder {
  bind(address: number): void;
  remove(address: number): void;
}

export class BoundAddresses {
  /** By address. */
  readonly #ifindexes = new Map<number, number>();
  readonly #binder: Binder;

  constructor(binder: Binder) {
    this.#binder = binder;
  }

  get count(): number {
    return this.#ifindexes.size;
  }

  /** The interfaces that have one. */
  get interfaces(): readonly number[] {
    return [...new Set(this.#ifindexes.values())];
  }

  interfaceOf(address: number): number | undefined {
    return this.#ifindexes.get(address);
  }

  /** @returns why some cannot be bound */
  follow(addresses: readonly UdpAddress[]): unknown[] {
    const wanted = new Map(addresses.map(({ address, ifindex }) => [address, ifindex]));
    for (const [address, ifindex] of this.#ifindexes) {
      if (wanted.get(address) === ifindex) continue;
      this.#ifindexes.delete(address);
      this.#binder.remove(address);
    }
    const faults: unknown[] = [];
    for (const [address, ifindex] of wanted) {
      if (this.#ifindexes.has(address)) continue;
      try {
        this.#binder.bind(address);
        this.#ifindexes.set(address, ifindex);
      } catch (error) {
        faults.push(error);
      }
    }
    return faults;
  }
}

/** A transport that listens, or none. @throws as `listen` */
export function listening<T extends UdpTransport>(transport: T, addresses: readonly UdpAddress[]): T {
  try {
    transport.listen(addresses);
    return transport;
  } catch (error) {
    transport[Symbol.dispose]();
    throw error;
  }
}
