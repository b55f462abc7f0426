/**
 * Sends DHCPv6 replies in frames where their MAC address is given: the kernel need not look for its neighbour, nor keep one
 * for each client. The others it sends through the UDP sockets.
 */

import type { Address6 } from "../../frames/address6.ts";
import { IPV6_UDP_HEADERS, LEAST_MTU, writeHeaders6 } from "../../frames/frame6.ts";
import { HAS_HEADERS, OUTGOING } from "../../native.ts";
import type { Destination6, TransportStats } from "../datagram.ts";
import type { Wire } from "../outgoing-batch.ts";
import type { Udp6Sockets } from "../udp/udp6-sockets.ts";
import type { FrameChannel } from "./frame-channel.ts";

export class RawWire6 implements Wire<Address6> {
  readonly headroom: number;
  readonly stats: TransportStats;
  readonly #frames: FrameChannel<Address6>;
  readonly #sockets: Udp6Sockets<number>;
  readonly #sourcePort: number;

  constructor(frames: FrameChannel<Address6>, sockets: Udp6Sockets<number>, sourcePort: number, stats: TransportStats) {
    this.#frames = frames;
    this.headroom = frames.headroom + IPV6_UDP_HEADERS;
    this.#sockets = sockets;
    this.#sourcePort = sourcePort;
    this.stats = stats;
  }

  writeHeaders(buffer: Uint8Array, offset: number, length: number, to: Destination6): number {
    if (to.mac === undefined || IPV6_UDP_HEADERS + length > LEAST_MTU) {
      return this.#sockets.writeHeaders(buffer, offset, length, to);
    }
    this.#frames.writeLinkHeader(buffer, offset - IPV6_UDP_HEADERS, to.mac);
    writeHeaders6(buffer, offset, length, to.source, this.#sourcePort, to.address, to.port);
    return IPV6_UDP_HEADERS;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    const isPacket = isPacketAt(rows, from);
    let run = 1;
    while (run < count && isPacketAt(rows, from + run) === isPacket) run++;
    const sender = isPacket ? this.#frames : this.#sockets;
    return sender.transmit(buffer, rows, from, run);
  }
}

function isPacketAt(rows: Int32Array, index: number): boolean {
  return rows[index * OUTGOING.stride + OUTGOING.port] === HAS_HEADERS;
}
