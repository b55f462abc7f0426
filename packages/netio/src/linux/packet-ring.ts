/** A packet socket: one ring for all interfaces, of IPv4 or of IPv6, and the way out for packets with a MAC address. */

import { writeU16 } from "../big-endian.ts";
import { FLAG, native, type PacketHandle, RECEIVED } from "../native.ts";
import { Poller } from "../poller.ts";
import { checkResult, systemError } from "../system-error.ts";
import type { Batch, Datagram, TransportStats } from "../transports/datagram.ts";
import { Pool } from "../transports/pool.ts";
import { countFrame, type FrameChannel, type FrameDecoder } from "../transports/raw/frame-channel.ts";
import { IDLE_BATCHES, ReceivedBatch, type ReceivedDatagram, receivedAt } from "../transports/received-batch.ts";

/** Frames and bytes of one batch at most: what comes in one turn of a busy server. */
const BATCH_FRAMES = 128;
const BATCH_BYTES = 64 * 1024;
/** Batches of nothing but bad frames that one `receive` goes through before the event loop has its turn. */
const ROUNDS = 16;

const MAC_LENGTH = 6;
/** What stands before each packet to send: the MAC address it goes to, and its Ethernet type. */
const LINK_HEADER = MAC_LENGTH + 2;
/** A ring is on every interface. */
const ATTACHED: Disposable = { [Symbol.dispose]: () => undefined };

export class PacketRing<Address, Received extends ReceivedDatagram & Datagram<Address>>
  implements FrameChannel<Address>
{
  readonly headroom = LINK_HEADER;
  readonly #packet: PacketHandle;
  readonly #ethertype: number;
  readonly #decodeFrame: FrameDecoder<Received>;
  readonly #stats: TransportStats;
  readonly #received = new Int32Array(BATCH_FRAMES * RECEIVED.stride);
  readonly #batches: Pool<ReceivedBatch<Address, Received>>;
  #poller: Poller | undefined;
  #paused = false;

  /**
   * @param stats to count in; kept up to date when `stats` is asked for.
   * @throws EPERM without CAP_NET_RAW.
   */
  constructor(
    ethertype: number,
    port: number,
    datagram: new (buffer: Uint8Array) => Received,
    decodeFrame: FrameDecoder<Received>,
    stats: TransportStats,
  ) {
    const packet = native.openPacket(ethertype, port);
    if (typeof packet === "number") throw systemError("socket(AF_PACKET)", packet);
    this.#packet = packet;
    this.#ethertype = ethertype;
    this.#decodeFrame = decodeFrame;
    this.#stats = stats;
    this.#batches = new Pool(() => new ReceivedBatch(BATCH_BYTES, datagram, this.#batches), IDLE_BATCHES);
  }

  /** Asks the kernel for its count of lost frames each time. */
  get stats(): TransportStats {
    this.#stats.kernelDrops += Math.max(0, native.packetDrops(this.#packet));
    return this.#stats;
  }

  attach(): Disposable {
    return ATTACHED;
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

  receive(limit: number): Batch<Address> | undefined {
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

  #decode(batch: ReceivedBatch<Address, Received>, count: number): void {
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
      datagram.ifindex = rows[row + RECEIVED.ifindex] as number;
      datagram.received = receivedAt(now, rows[row + RECEIVED.ageMicros] as number);
      const verifyUdp = (flags & FLAG.checksumSettled) === 0;
      const kind = this.#decodeFrame(batch.buffer, start, length, verifyUdp, datagram);
      if (kind === "datagram") batch.keep(datagram);
      else countFrame(kind, this.#stats);
    }
  }

  writeLinkHeader(buffer: Uint8Array, offset: number, mac: Uint8Array): void {
    const at = offset - LINK_HEADER;
    for (let i = 0; i < MAC_LENGTH; i++) buffer[at + i] = mac[i] as number;
    writeU16(buffer, offset - 2, this.#ethertype);
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    return native.sendPacket(this.#packet, buffer, rows, from, count);
  }

  [Symbol.dispose](): void {
    this.#poller?.[Symbol.dispose]();
    this.#poller = undefined;
    native.closePacket(this.#packet);
  }
}
