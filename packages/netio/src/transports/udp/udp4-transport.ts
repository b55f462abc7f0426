/** DHCPv4 over the kernel's UDP sockets (`dhcp-socket-type: udp`): relayed and unicast traffic, one socket per address. */

import { readU32, writeU32 } from "../../big-endian.ts";
import { formatAddress4 } from "../../frames/address-text.ts";
import { native } from "../../native.ts";
import { checkResult } from "../../system-error.ts";
import { BoundAddresses, listening, type UdpAddress, type UdpTransport } from "../bound-addresses.ts";
import type { Destination } from "../datagram.ts";
import { ReceivedDatagram4 } from "../received-batch.ts";
import { UdpSockets } from "./udp-sockets.ts";

const ADDRESS_LENGTH = 4;
/** Room for each datagram and its addresses. */
const SLOT = 4096 + 2 * ADDRESS_LENGTH;

/**
 * Receives what is sent to `port` of each address; broadcasts are not. Replies leave from the socket of their source address.
 * @throws EACCES without CAP_NET_BIND_SERVICE, EADDRINUSE, EADDRNOTAVAIL.
 */
export function openUdp4(addresses: readonly UdpAddress[], port: number): UdpTransport {
  return listening(new AddressSockets(port), addresses);
}

/** The sockets' key is their address. */
class AddressSockets extends UdpSockets<number, number, ReceivedDatagram4> implements UdpTransport {
  readonly #bound: BoundAddresses;

  constructor(port: number) {
    super(ADDRESS_LENGTH, SLOT, ReceivedDatagram4);
    this.#bound = new BoundAddresses({
      bind: (address) => this.add(address, openSocket(address, port)),
      remove: (address) => this.remove(address),
    });
  }

  listen(addresses: readonly UdpAddress[]): void {
    const faults = this.#bound.follow(addresses);
    if (faults.length > 0) throw faults[0];
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

function openSocket(address: number, port: number): number {
  return checkResult("bind", native.openUdp4(address, port), `UDP ${formatAddress4(address)}:${port}`);
}
