/** DHCPv4 over packet sockets (`dhcp-socket-type: raw`): all interfaces through one receive ring, no route or ARP needed. */

import type { Batch, Destination, SendBatch, Transport, TransportStats } from "./datagram.ts";
import { decodeFrame, ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders } from "./frame.ts";
import { FLAG, native, type PacketHandle, RECEIVED } from "./native.ts";
import { OutgoingBatch, type Wire } from "./outgoing-batch.ts";
import { Poller } from "./poller.ts";
import { Pool } from "./pool.ts";
import { ReceivedBatch, ReceivedDatagram4, receivedAt } from "./received-batch.ts";
import { checkResult, systemError } from "./system-error.ts";

const MAC_LENGTH = 6;
const LIMITED_BROADCAST = 0xffffffff;

/** Frames and bytes of one batch at most. */
const BATCH_FRAMES = 512;
const BATCH_BYTES = 256 * 1024;
/** Batches of nothing but bad frames that one `receive` goes through before the event loop has its turn. */
const ROUNDS = 16;
/** Batches in use at the same time in normal work: one decided, some committing. */
const IDLE_BATCHES = 8;

/**
 * Receives every UDP datagram to `serverPort` that this host gets over Ethernet, whatever the interface: the owner drops
 * what it does not serve by `ifindex`, and calls `holdPort` for each interface it does serve. Replies leave from
 * `serverPort`; the kernel writes the frame's source MAC.
 * @throws EPERM without CAP_NET_RAW.
 */
export function openRaw(options: { readonly serverPort: number }): Transport {
  return new RawTransport(options.serverPort);
}

class RawTransport implements Transport {
  readonly #packet: PacketHandle;
  readonly #stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  readonly #received = new Int32Array(BATCH_FRAMES * RECEIVED.stride);
  readonly #batches: Pool<ReceivedBatch<number, ReceivedDatagram4>> = new Pool(
    () => new ReceivedBatch(BATCH_BYTES, ReceivedDatagram4, this.#batches),
    IDLE_BATCHES,
  );
  readonly #sendBatches: Pool<OutgoingBatch<number>>;
  #poller: Poller | undefined;
  #paused = false;

  constructor(serverPort: number) {
    const packet = native.openPacket(serverPort);
    if (typeof packet === "number") throw systemError("socket(AF_PACKET)", packet);
    this.#packet = packet;
    const wire = new RawWire(packet, serverPort, this.#stats);
    this.#sendBatches = new Pool(() => new OutgoingBatch(wire, this.#sendBatches), IDLE_BATCHES);
  }

  /** Asks the kernel for its count of lost frames each time. */
  get stats(): TransportStats {
    this.#stats.kernelDrops += Math.max(0, native.packetDrops(this.#packet));
    return this.#stats;
  }

  start(onReadable: () => void): void {
    this.#poller = new Poller(native.packetFd(this.#packet), onReadable);
    if (!this.#paused) this.#poller.resume();
  }

  pause(): void {
    this.#paused = true;
    this.#poller?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#poller?.resume();
  }

  receive(limit: number): Batch | undefined {
    const batch = this.#batches.take().open();
    for (let round = 0; round < ROUNDS; round++) {
      const count = native.receivePacket(this.#packet, batch.buffer, this.#received, Math.min(limit, BATCH_FRAMES));
      checkResult("receivePacket", count);
      if (count === 0) break;
      this.#decode(batch, count);
      if (batch.datagrams.length > 0) return batch;
    }
    batch.release();
    return undefined;
  }

  #decode(batch: ReceivedBatch<number, ReceivedDatagram4>, count: number): void {
    const now = performance.now();
    const rows = this.#received;
    for (let i = 0, row = 0; i < count; i++, row += RECEIVED.stride) {
      const start = rows[row + RECEIVED.offset] as number;
      const flags = rows[row + RECEIVED.flags] as number;
      if ((flags & (FLAG.vlan | FLAG.otherHost)) !== 0) {
        // The kernel takes the tag off and calls a frame "for another host" when no interface has its VLAN. A frame that is
        // for another host by its address is here because someone sniffs: it is nothing to count.
        const toGroup = ((batch.buffer[start] as number) & 1) === 1;
        if ((flags & FLAG.vlan) !== 0 || toGroup) this.#stats.otherVlan++;
        continue;
      }
      const length = rows[row + RECEIVED.length] as number;
      const datagram = batch.candidate();
      const kind = decodeFrame(batch.buffer, start, length, (flags & FLAG.checksumSettled) === 0, datagram);
      if (kind === "datagram") {
        datagram.ifindex = rows[row + RECEIVED.ifindex] as number;
        datagram.received = receivedAt(now, rows[row + RECEIVED.ageMicros] as number);
        batch.keep(datagram);
      } else if (kind === "fragment") this.#stats.fragments++;
      else if (kind === "otherVlan") this.#stats.otherVlan++;
      else this.#stats.badFrames++;
    }
  }

  newSendBatch(): SendBatch {
    return this.#sendBatches.take().open();
  }

  [Symbol.dispose](): void {
    this.#poller?.[Symbol.dispose]();
    this.#poller = undefined;
    native.closePacket(this.#packet);
  }
}

/** Each packet is preceded by the MAC address it goes to and its Ethernet type; the kernel adds the source. */
class RawWire implements Wire<number> {
  readonly headroom = MAC_LENGTH + 2 + IP_UDP_HEADERS;
  readonly stats: TransportStats;
  readonly #packet: PacketHandle;
  readonly #sourcePort: number;

  constructor(packet: PacketHandle, sourcePort: number, stats: TransportStats) {
    this.#packet = packet;
    this.#sourcePort = sourcePort;
    this.stats = stats;
  }

  writeHeaders(buffer: Uint8Array, offset: number, length: number, to: Destination): number {
    const mac = offset - this.headroom;
    if (to.mac !== undefined) {
      for (let i = 0; i < MAC_LENGTH; i++) buffer[mac + i] = to.mac[i] as number;
    } else if (to.address === LIMITED_BROADCAST) buffer.fill(0xff, mac, mac + MAC_LENGTH);
    else throw new Error("raw: a unicast destination needs a MAC address");
    buffer[mac + MAC_LENGTH] = ETHERTYPE_IPV4 >> 8;
    buffer[mac + MAC_LENGTH + 1] = ETHERTYPE_IPV4 & 0xff;
    writeHeaders(buffer, offset, length, to.source, this.#sourcePort, to.address, to.port);
    return IP_UDP_HEADERS;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    return native.sendPacket(this.#packet, buffer, rows, from, count);
  }
}
