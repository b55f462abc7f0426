/** The sockets behind the served interfaces: one raw ring for all, or one UDP socket an address. */
import { capabilityAdvice, missingCapabilities } from "@kotare/core/daemon/capabilities";
import type { Transport } from "@kotare/netio/datagram";
import { holdPort } from "@kotare/netio/hold-port";
import { openRaw } from "@kotare/netio/raw-transport";
import { openUdp, type UdpAddress, type UdpTransport } from "@kotare/netio/udp-transport";
import type { ServedInterface } from "./query4.ts";
import type { Claim } from "./served-interfaces.ts";

export interface Sockets4 extends Disposable {
  /** Opened with the first interface that is claimed; `undefined` before. */
  readonly transport: Transport | undefined;
  /** @throws an error that says what is missing or in the way */
  claim(served: ServedInterface): Claim;
}

export type SocketType = "raw" | "udp";

/** @param onOpen called once, when the transport is there and can be started */
export function openSockets4(type: SocketType, port: number, onOpen: (transport: Transport) => void): Sockets4 {
  return type === "raw" ? new RawSockets(port, onOpen) : new UdpSockets(port, onOpen);
}

class RawSockets implements Sockets4 {
  transport: Transport | undefined;
  readonly #port: number;
  readonly #onOpen: (transport: Transport) => void;

  constructor(port: number, onOpen: (transport: Transport) => void) {
    this.#port = port;
    this.#onOpen = onOpen;
  }

  claim({ name }: ServedInterface): Claim {
    const held = explained(() => holdPort(this.#port, name), this.#port, name);
    try {
      if (this.transport === undefined) {
        this.transport = explained(() => openRaw({ serverPort: this.#port }), this.#port, name);
        this.#onOpen(this.transport);
      }
      return held;
    } catch (error) {
      held[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.transport?.[Symbol.dispose]();
  }
}

class UdpSockets implements Sockets4 {
  transport: UdpTransport | undefined;
  readonly #port: number;
  readonly #onOpen: (transport: Transport) => void;
  readonly #claimed = new Map<ServedInterface, readonly UdpAddress[]>();

  constructor(port: number, onOpen: (transport: Transport) => void) {
    this.#port = port;
    this.#onOpen = onOpen;
  }

  claim(served: ServedInterface): Claim {
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
      this.transport = openUdp(addresses, this.#port);
      this.#onOpen(this.transport);
    }
  }

  [Symbol.dispose](): void {
    this.transport?.[Symbol.dispose]();
  }
}

/** Says of the two usual failures what to do about them. */
function explained<T>(open: () => T, port: number, name: string): T {
  try {
    return open();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      const advice = `another DHCP server has UDP port ${port} there: find it with "ss -ulpn sport = :${port}" and stop it`;
      throw new Error(`${message}; ${advice}`, { cause: error });
    }
    const missing = missingCapabilities(["CAP_NET_RAW", "CAP_NET_BIND_SERVICE"]);
    if ((code === "EPERM" || code === "EACCES") && missing.length > 0) {
      throw new Error(`${name}: ${capabilityAdvice(missing)}`, { cause: error });
    }
    throw error;
  }
}
