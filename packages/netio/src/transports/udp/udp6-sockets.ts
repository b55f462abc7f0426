/** What DHCPv6 over the kernel's UDP sockets is, however a kernel lets a port be bound. */

import { type Address6, writeAddress6 } from "../../frames/address6.ts";
import { native } from "../../native.ts";
import { checkResult, type SystemError, systemError } from "../../system-error.ts";
import type { Destination6, Transport } from "../datagram.ts";
import { ReceivedDatagram6 } from "../received-batch.ts";
import { UdpSockets } from "./udp-sockets.ts";

const ADDRESS_LENGTH = 16;
/** Room for each datagram and its addresses: more than 32 relays add. */
const SLOT = 8192;
const ANY_ADDRESS = new Uint8Array(ADDRESS_LENGTH);

/** All_DHCP_Relay_Agents_and_Servers and All_DHCP_Servers (RFC 8415 §7.1). */
export const SERVER_GROUPS = ["ff020000000000000000000000010002", "ff050000000000000000000000010003"].map((hex) =>
  Buffer.from(hex, "hex"),
);

/** A served interface: the servers' groups, and every address of this host. */
export interface Endpoint6 {
  readonly name: string;
  readonly ifindex: number;
}

export interface Transport6 extends Transport<Address6> {
  /**
   * Receives on the endpoint, and sends through its interface, until the claim is disposed of.
   * @throws EADDRINUSE when another server has the port there, EACCES without CAP_NET_BIND_SERVICE, ENODEV without the
   *   interface, EINVAL without its IPv6.
   */
  claim(endpoint: Endpoint6): Disposable;
  /**
   * To be called after each change of interfaces or addresses: joins groups again that an interface has lost.
   * @returns what could not be done; the next call tries again.
   */
  refresh(): readonly SystemError[];
}

/** The keys of its sockets are for each kind of kernel to say. */
export abstract class Udp6Sockets<Key> extends UdpSockets<Key, Address6, ReceivedDatagram6> implements Transport6 {
  readonly #port: number;

  constructor(port: number) {
    super(ADDRESS_LENGTH, SLOT, ReceivedDatagram6);
    this.#port = port;
  }

  /** @param besideFrames leave to a channel of frames what that takes. */
  abstract claim(endpoint: Endpoint6, besideFrames?: boolean): Disposable;
  abstract refresh(): readonly SystemError[];

  /** @param interfaceName that it is for, where the kernel can bind to one; or empty */
  protected open(interfaceName: string, subject: string, besideFrames: boolean): number {
    const opened = native.openUdp6(ANY_ADDRESS, this.#port, interfaceName, besideFrames);
    return checkResult("bind", opened, `UDP port ${this.#port} on ${subject}`);
  }

  protected readAddresses(datagram: ReceivedDatagram6): void {
    datagram.sourceOffset = datagram.offset - 2 * ADDRESS_LENGTH;
    datagram.destinationOffset = datagram.offset - ADDRESS_LENGTH;
  }

  protected writeAddresses(buffer: Uint8Array, at: number, to: Destination6): void {
    writeAddress6(to.source, buffer, at);
    writeAddress6(to.address, buffer, at + ADDRESS_LENGTH);
  }
}

/** @returns why not; `undefined` for done */
export function joinGroup(fd: number, group: Uint8Array, { name, ifindex }: Endpoint6): SystemError | undefined {
  const result = native.joinGroup(fd, group, ifindex);
  return result < 0 ? systemError("setsockopt(IPV6_ADD_MEMBERSHIP)", result, name) : undefined;
}

/** Joins a group that the interface may have forgotten while the socket has not. */
export function joinGroupAgain(fd: number, group: Uint8Array, endpoint: Endpoint6): SystemError | undefined {
  native.leaveGroup(fd, group, endpoint.ifindex);
  return joinGroup(fd, group, endpoint);
}
