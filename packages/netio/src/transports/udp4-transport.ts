/** DHCPv4 over the kernel's UDP sockets (`dhcp-socket-type: udp`): relayed and unicast traffic, one socket per address. */

import { readU32, writeU32 } from "../big-endian.ts";
import { formatAddress4 } from "../frames/address-text.ts";
import { native } from "../native.ts";
import { checkResult } from "../system-error.ts";
import type { Destination, Transport } from "./datagram.ts";
import { ReceivedDatagram4 } from "./received-batch.ts";
import { UdpSockets } from "./udp-sockets.ts";

const ADDRESS_LENGTH = 4;
/** Room for each datagram and its addresses. */
const SLOT = 4096 + 2 * ADDRESS_LENGTH;

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

/**
 * Receives what is sent to `port` of each address; broadcasts are not. Replies leave from the socket of their source address.
 * @throws EACCES without CAP_NET_BIND_SERVICE, EADDRINUSE, EADDRNOTAVAIL.
 */
export function openUdp4(addresses: readonly UdpAddress[], port: number): UdpTransport {
  const transport = new AddressSockets(port);
  try {
    transport.listen(addresses);
  } catch (error) {
    transport[Symbol.dispose]();
    throw error;
  }
  return transport;
}

/** The sockets' key is their address. */
class AddressSockets extends UdpSockets<number, number, ReceivedDatagram4> implements UdpTransport {
  readonly #port: number;
  /** By address. */
  readonly #ifindexes = new Map<number, number>();

  constructor(port: number) {
    super(ADDRESS_LENGTH, SLOT, ReceivedDatagram4);
    this.#port = port;
  }

  listen(addresses: readonly UdpAddress[]): void {
    const wanted = new Map(addresses.map(({ address, ifindex }) => [address, ifindex]));
    for (const [address, ifindex] of this.#ifindexes) {
      if (wanted.get(address) === ifindex) continue;
      this.#ifindexes.delete(address);
      this.remove(address);
    }
    const faults: unknown[] = [];
    for (const [address, ifindex] of wanted) {
      if (this.#ifindexes.has(address)) continue;
      try {
        this.add(address, this.#bind(address));
        this.#ifindexes.set(address, ifindex);
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  #bind(address: number): number {
    return checkResult("bind", native.openUdp4(address, this.#port), `UDP ${formatAddress4(address)}:${this.#port}`);
  }

  protected readAddresses(datagram: ReceivedDatagram4): void {
    datagram.source = readU32(datagram.buffer, datagram.offset - 2 * ADDRESS_LENGTH);
    datagram.destination = readU32(datagram.buffer, datagram.offset - ADDRESS_LENGTH);
  }

  protected writeAddresses(buffer: Uint8Array, at: number, to: Destination): void {
    writeU32(buffer, at, to.source);
    writeU32(buffer, at + ADDRESS_LENGTH, to.address);
  }

  protected senderOf(buffer: Uint8Array, offset: number): number {
    return readU32(buffer, offset - 2 * ADDRESS_LENGTH);
  }
}
