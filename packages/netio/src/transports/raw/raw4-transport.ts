/** DHCPv4 over whole frames (`dhcp-socket-type: raw`): no route or ARP needed. */

import { decodeFrame4, ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders4 } from "../../frames/frame4.ts";
import type { Batch, Destination, SendBatch, Transport, TransportStats } from "../datagram.ts";
import { IDLE_SEND_BATCHES, OutgoingBatch, type Wire } from "../outgoing-batch.ts";
import { Pool } from "../pool.ts";
import { ReceivedDatagram4 } from "../received-batch.ts";
import type { FrameChannel } from "./frame-channel.ts";
import { openFrameChannel } from "./open-frame-channel.ts";

const LIMITED_BROADCAST = 0xffffffff;
const BROADCAST_MAC = new Uint8Array(6).fill(0xff);

export interface RawTransport4 extends Transport {
  /**
   * To be called for each interface that is served, which `holdPort` is called for as well.
   * @throws EACCES or ENXIO where the interface has a device of its own that cannot be had
   */
  attach(ifindex: number, interfaceName: string): Disposable;
}

/**
 * Receives every UDP datagram to `serverPort` over Ethernet: on Linux whatever the interface, and the owner drops what it does
 * not serve by `ifindex`; elsewhere on those that are attached. Replies leave from `serverPort`; the kernel writes the frame's
 * source MAC.
 * @throws on Linux EPERM without CAP_NET_RAW.
 */
export function openRaw4(options: { readonly serverPort: number }): RawTransport4 {
  const stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  const { serverPort } = options;
  return new FrameTransport4(
    openFrameChannel(ETHERTYPE_IPV4, serverPort, ReceivedDatagram4, decodeFrame4, stats),
    serverPort,
  );
}

export class FrameTransport4 implements RawTransport4 {
  readonly #channel: FrameChannel<number>;
  readonly #sendBatches: Pool<OutgoingBatch<number>>;

  constructor(channel: FrameChannel<number>, serverPort: number) {
    this.#channel = channel;
    const wire = new RawWire4(channel, serverPort);
    this.#sendBatches = new Pool(() => new OutgoingBatch(wire, this.#sendBatches), IDLE_SEND_BATCHES);
  }

  get stats(): TransportStats {
    return this.#channel.stats;
  }

  attach(ifindex: number, interfaceName: string): Disposable {
    return this.#channel.attach(ifindex, interfaceName);
  }

  start(onReadable: () => void): void {
    this.#channel.start(onReadable);
  }

  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  receive(limit: number): Batch | undefined {
    return this.#channel.receive(limit);
  }

  newSendBatch(): SendBatch {
    return this.#sendBatches.take().open();
  }

  [Symbol.dispose](): void {
    this.#channel[Symbol.dispose]();
  }
}

class RawWire4 implements Wire<number> {
  readonly headroom: number;
  readonly #channel: FrameChannel<number>;
  readonly #sourcePort: number;

  constructor(channel: FrameChannel<number>, sourcePort: number) {
    this.#channel = channel;
    this.headroom = channel.headroom + IP_UDP_HEADERS;
    this.#sourcePort = sourcePort;
  }

  get stats(): TransportStats {
    return this.#channel.stats;
  }

  writeHeaders(buffer: Uint8Array, offset: number, length: number, to: Destination<number>): number {
    const mac = to.mac ?? (to.address === LIMITED_BROADCAST ? BROADCAST_MAC : undefined);
    if (mac === undefined) throw new Error("raw: a unicast destination needs a MAC address");
    this.#channel.writeLinkHeader(buffer, offset - IP_UDP_HEADERS, mac);
    writeHeaders4(buffer, offset, length, to.source, this.#sourcePort, to.address, to.port);
    return IP_UDP_HEADERS;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    return this.#channel.transmit(buffer, rows, from, count);
  }
}
