/** DHCPv6 over the kernel's UDP sockets: one for each served interface, joined to the groups of the servers. */

import { closeSync, readFileSync } from "node:fs";
import { type Address6, writeAddress6 } from "../frames/address6.ts";
import { native } from "../native.ts";
import { checkResult, type SystemError, systemError } from "../system-error.ts";
import type { Destination6, Transport } from "./datagram.ts";
import { ReceivedDatagram6 } from "./received-batch.ts";
import { UdpSockets } from "./udp-sockets.ts";

const ADDRESS_LENGTH = 16;
/** Room for each datagram and its addresses: more than 32 relays add. */
const SLOT = 8192;

/** All_DHCP_Relay_Agents_and_Servers and All_DHCP_Servers (RFC 8415 §7.1). */
export const SERVER_GROUPS = ["ff020000000000000000000000010002", "ff050000000000000000000000010003"].map((hex) =>
  Buffer.from(hex, "hex"),
);
/** Index, name, group, users, flags and timer of what each interface has joined. */
const JOINED_GROUPS = "/proc/self/net/igmp6";
const JOIN = "setsockopt(IPV6_ADD_MEMBERSHIP)";

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

/**
 * Receives on nothing before the first `claim`. A reply leaves through the interface in its destination, which must be
 * claimed; its source must not be tentative: EINVAL.
 */
export function openUdp6(port: number): Transport6 {
  return new InterfaceSockets(port);
}

/** The sockets' key is the interface's index, with the address where there is one. */
export class InterfaceSockets extends UdpSockets<string | number, Address6, ReceivedDatagram6> implements Transport6 {
  readonly #port: number;
  readonly #claimed = new Map<string | number, Endpoint6>();

  constructor(port: number) {
    super(ADDRESS_LENGTH, SLOT, ReceivedDatagram6);
    this.#port = port;
  }

  /** @param besideRing leave to the ring what it takes. */
  claim(endpoint: Endpoint6, besideRing = false): Disposable {
    const { ifindex, address } = endpoint;
    const key = address === undefined ? ifindex : `${ifindex}/${address}`;
    // The kernel refuses a second one as long as the first is open.
    this.add(key, this.#open(endpoint, besideRing));
    this.#claimed.set(key, endpoint);
    let released = false;
    return {
      [Symbol.dispose]: () => {
        // A second disposal must not close what was claimed since.
        if (released) return;
        released = true;
        this.#claimed.delete(key);
        this.remove(key);
      },
    };
  }

  #open({ name, ifindex, address }: Endpoint6, besideRing: boolean): number {
    const bytes = new Uint8Array(ADDRESS_LENGTH);
    if (address !== undefined) writeAddress6(address, bytes, 0);
    const opened = native.openUdp6(bytes, this.#port, name, besideRing);
    const fd = checkResult("bind", opened, `UDP port ${this.#port} on ${name}`);
    if (address !== undefined) return fd;
    for (const group of SERVER_GROUPS) {
      const joined = native.joinGroup(fd, group, ifindex);
      if (joined === 0) continue;
      closeSync(fd);
      throw systemError(JOIN, joined, name);
    }
    return fd;
  }

  /** An interface whose IPv6 was switched off and on has forgotten its groups; the sockets have not, and are deaf. */
  refresh(): readonly SystemError[] {
    const joined = readJoinedGroups();
    const faults: SystemError[] = [];
    for (const { name, ifindex, address } of this.#claimed.values()) {
      const fd = this.fdOf(ifindex);
      if (address !== undefined || fd === undefined) continue;
      for (const group of SERVER_GROUPS) {
        if (joined.has(`${ifindex} ${group.toString("hex")}`)) continue;
        native.leaveGroup(fd, group, ifindex);
        const result = native.joinGroup(fd, group, ifindex);
        if (result < 0) faults.push(systemError(JOIN, result, name));
      }
    }
    return faults;
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

/** Index and group of what the interfaces have joined. */
function readJoinedGroups(): ReadonlySet<string> {
  const lines = readFileSync(JOINED_GROUPS, "latin1").split("\n");
  return new Set(lines.map((line) => line.split(/\s+/, 3)).map(([ifindex, , group]) => `${ifindex} ${group}`));
}
