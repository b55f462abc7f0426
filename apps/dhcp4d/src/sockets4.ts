/** The sockets behind the served interfaces: one channel of raw frames for all, or one UDP socket an address, the kernel's or Node's. */
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { Claim, ServedInterface } from "@kotare/core/server/interfaces/served-interfaces";
import { explained, type Sockets } from "@kotare/core/server/interfaces/sockets";
import type { UdpAddress, UdpTransport } from "@kotare/netio/transports/bound-addresses";
import type { Transport } from "@kotare/netio/transports/datagram";
import { holdPort } from "@kotare/netio/transports/hold-port";
import { openPortable4, type Portable4Options } from "@kotare/netio/transports/portable/portable4-transport";
import { openRaw4, type RawTransport4 } from "@kotare/netio/transports/raw/raw4-transport";
import { openUdp4 } from "@kotare/netio/transports/udp/udp4-transport";

export type SocketType = "raw" | "udp";

/** @param onOpen called once, when the transport is there and can be started */
export function openSockets4(type: SocketType, port: number, onOpen: (transport: Transport) => void): Sockets<Ipv4> {
  return type === "raw"
    ? new RawSockets(port, onOpen)
    : new UdpSockets(port, onOpen, (addresses) => openUdp4(addresses, port));
}

/** Of Node's own. @param onOpen as `openSockets4` */
export function openPortableSockets4(options: Portable4Options, onOpen: (transport: Transport) => void): Sockets<Ipv4> {
  return new UdpSockets(options.port, onOpen, (addresses) => openPortable4(addresses, options));
}

class RawSockets implements Sockets<Ipv4> {
  transport: RawTransport4 | undefined;
  readonly #port: number;
  readonly #onOpen: (transport: Transport) => void;

  constructor(port: number, onOpen: (transport: Transport) => void) {
    this.#port = port;
    this.#onOpen = onOpen;
  }

  claim({ index, name }: ServedInterface<Ipv4>): Claim {
    const held = explained(() => holdPort(this.#port, name), this.#port, name);
    try {
      const transport = explained(() => this.#opened(), this.#port, name);
      const attached = explained(() => transport.attach(index, name), this.#port, name);
      return {
        [Symbol.dispose]: () => {
          attached[Symbol.dispose]();
          held[Symbol.dispose]();
        },
      };
    } catch (error) {
      held[Symbol.dispose]();
      throw error;
    }
  }

  #opened(): RawTransport4 {
    if (this.transport !== undefined) return this.transport;
    this.transport = openRaw4({ serverPort: this.#port });
    this.#onOpen(this.transport);
    return this.transport;
  }

  /** What is claimed follows the addresses by itself. */
  refresh(): void {}

  [Symbol.dispose](): void {
    this.transport?.[Symbol.dispose]();
  }
}

class UdpSockets implements Sockets<Ipv4> {
  transport: UdpTransport | undefined;
  readonly #port: number;
  readonly #onOpen: (transport: Transport) => void;
  readonly #open: (addresses: readonly UdpAddress[]) => UdpTransport;
  readonly #claimed = new Map<ServedInterface<Ipv4>, readonly UdpAddress[]>();

  constructor(
    port: number,
    onOpen: (transport: Transport) => void,
    open: (addresses: readonly UdpAddress[]) => UdpTransport,
  ) {
    this.#port = port;
    this.#onOpen = onOpen;
    this.#open = open;
  }

  claim(served: ServedInterface<Ipv4>): Claim {
    this.#claimed.set(
      served,
      served.addresses.map((address) => ({ address, ifindex: served.index })),
    );
    const release = () => {
      this.#claimed.delete(served);
      this.#listen();
    };
    try {
      explained(() => this.#listen(), this.#port, served.name);
    } catch (error) {
      release();
      throw error;
    }
    return { [Symbol.dispose]: release };
  }

  #listen(): void {
    const addresses = [...this.#claimed.values()].flat();
    if (this.transport !== undefined) this.transport.listen(addresses);
    else if (addresses.length > 0) {
      this.transport = this.#open(addresses);
      this.#onOpen(this.transport);
    }
  }

  /** What is claimed follows the addresses by itself. */
  refresh(): void {}

  [Symbol.dispose](): void {
    this.transport?.[Symbol.dispose]();
  }
}
