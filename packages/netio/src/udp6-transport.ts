/** DHCPv6 over the kernel's UDP sockets: one for each served interface, joined to the groups of the servers. */

import { closeSync, readFileSync } from "node:fs";
import { type Address6, writeAddress6 } from "./address6.ts";
import type { Destination6, Transport } from "./datagram.ts";
import { native } from "./native.ts";
import { ReceivedDatagram6 } from "./received-batch.ts";
import { checkResult } from "./system-error.ts";
import { UdpSockets } from "./udp-sockets.ts";

const ADDRESS_LENGTH = 16;
/** Room for each datagram and its addresses: more than 32 relays add. */
const SLOT = 8192;

/** All_DHCP_Relay_Agents_and_Servers and All_DHCP_Servers (RFC 8415 §7.1). */
export const SERVER_GROUPS = ["ff020000000000000000000000010002", "ff050000000000000000000000010003"].map((hex) =>
  Buffer.from(hex, "hex"),
);
/** Index, name, group, users, flags and timer of what each interface has joined. */
const JOINED_GROUPS = "/proc/net/igmp6";

/** Something to listen on. */
export interface Endpoint6 {
  readonly name: string;
  readonly ifindex: number;
  /**
   * Left out for a served interface: the servers' groups and every address of this host. An address that is to be reached
   * through other interfaces too (`eth0/2001:db8::1`) needs an endpoint with it for each of those.
   */
  readonly address?: Address6;
}

export interface Transport6 extends Transport<Address6> {
  /**
   * Opens sockets for the endpoints that are new and closes those that are gone; the others stay as they are, but join their
   * groups again where the interface has lost them. To be called at each change of interfaces or addresses.
   * @throws the first endpoint's `SystemError` that cannot be bound or joined, after all others were tried: EADDRINUSE when
   *   another server has the port there, EACCES without CAP_NET_BIND_SERVICE, ENODEV without the interface or its IPv6.
   */
  listen(endpoints: readonly Endpoint6[]): void;
}

/**
 * Receives on nothing before `listen`. A reply leaves through the interface in its destination, which must be served; its
 * source must not be tentative: EINVAL.
 */
export function openUdp6(port: number): Transport6 {
  return new InterfaceSockets(port, () => false);
}

export class InterfaceSockets
  extends UdpSockets<string | number, Endpoint6, Address6, ReceivedDatagram6>
  implements Transport6
{
  readonly #port: number;
  readonly #hasRing: (ifindex: number) => boolean;

  /** @param hasRing whether a ring receives on the interface too: its sockets take what the ring leaves. */
  constructor(port: number, hasRing: (ifindex: number) => boolean) {
    super(ADDRESS_LENGTH, SLOT, ReceivedDatagram6);
    this.#port = port;
    this.#hasRing = hasRing;
  }

  protected keyOf({ ifindex, address }: Endpoint6): string | number {
    return address === undefined ? ifindex : `${ifindex}/${address}`;
  }

  isOpen(endpoint: Endpoint6): boolean {
    return this.fdOf(this.keyOf(endpoint)) !== undefined;
  }

  override listen(endpoints: readonly Endpoint6[]): void {
    try {
      super.listen(endpoints);
    } finally {
      this.#joinAgain(endpoints);
    }
  }

  /** An interface whose IPv6 was switched off and on has forgotten its groups; the sockets have not, and are deaf. */
  #joinAgain(endpoints: readonly Endpoint6[]): void {
    const joined = new Set(
      readFileSync(JOINED_GROUPS, "latin1")
        .split("\n")
        .map((line) => line.split(/\s+/, 3))
        .map(([ifindex, , group]) => `${ifindex} ${group}`),
    );
    for (const { name, ifindex, address } of endpoints) {
      const fd = this.fdOf(ifindex);
      if (address !== undefined || fd === undefined) continue;
      for (const group of SERVER_GROUPS) {
        if (joined.has(`${ifindex} ${group.toString("hex")}`)) continue;
        native.leaveGroup(fd, group, ifindex);
        joinGroup(fd, group, ifindex, name);
      }
    }
  }

  protected open({ name, ifindex, address }: Endpoint6): number {
    const bytes = new Uint8Array(ADDRESS_LENGTH);
    if (address !== undefined) writeAddress6(address, bytes, 0);
    const opened = native.openUdp6(bytes, this.#port, name, this.#hasRing(ifindex));
    const fd = checkResult("bind", opened, `UDP port ${this.#port} on ${name}`);
    try {
      if (address === undefined) {
        for (const group of SERVER_GROUPS) joinGroup(fd, group, ifindex, name);
      }
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  protected readAddresses(datagram: ReceivedDatagram6): void {
    datagram.sourceOffset = datagram.offset - 2 * ADDRESS_LENGTH;
    datagram.destinationOffset = datagram.offset - ADDRESS_LENGTH;
  }

  protected writeAddresses(buffer: Uint8Array, at: number, to: Destination6): void {
    writeAddress6(to.source, buffer, at);
    writeAddress6(to.address, buffer, at + ADDRESS_LENGTH);
  }

  protected senderOf(_buffer: Uint8Array, _offset: number, ifindex: number): number {
    return ifindex;
  }
}

function joinGroup(fd: number, group: Uint8Array, ifindex: number, name: string): void {
  checkResult("IPV6_ADD_MEMBERSHIP", native.joinGroup(fd, group, ifindex), name);
}
