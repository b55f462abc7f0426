/** A BPF device for each interface that is attached: the frames of all, and the way out for packets with a MAC address. */

import { constants } from "node:os";
import { writeU16 } from "../big-endian.ts";
import { OUTGOING } from "../native.ts";
import { Poller } from "../poller.ts";
import type { Batch, Datagram, TransportStats } from "../transports/datagram.ts";
import { Pool } from "../transports/pool.ts";
import { countFrame, type FrameChannel, type FrameDecoder } from "../transports/raw/frame-channel.ts";
import { IDLE_BATCHES, ReceivedBatch, type ReceivedDatagram } from "../transports/received-batch.ts";
import { type BpfDevice, openBpfDevice } from "./bpf-device.ts";

/** Frames and bytes of one batch at most. */
const BATCH_FRAMES = 128;
const BATCH_BYTES = 64 * 1024;
/** Frames that one `receive` goes through before the event loop has its turn, if it finds nothing but bad ones. */
const FRAMES_AT_ONCE = 16 * BATCH_FRAMES;

const MAC_LENGTH = 6;
const ETHERNET_HEADER = 2 * MAC_LENGTH + 2;

interface Attached {
  readonly device: BpfDevice;
  poller: Poller | undefined;
}

export type OpenDevice = (interfaceName: string, ethertype: number, port: number) => BpfDevice;

export class BpfDevices<Address, Received extends ReceivedDatagram & Datagram<Address>>
  implements FrameChannel<Address>
{
  readonly headroom = ETHERNET_HEADER;
  readonly #ethertype: number;
  readonly #port: number;
  readonly #decodeFrame: FrameDecoder<Received>;
  readonly #stats: TransportStats;
  readonly #open: OpenDevice;
  readonly #batches: Pool<ReceivedBatch<Address, Received>>;
  /** By the index of their interface. */
  readonly #attached = new Map<number, Attached>();
  /** Losses of devices that are closed. */
  #pastDrops = 0;
  #onReadable: (() => void) | undefined;
  #paused = false;
  #isCalling = false;
  /** Which device `receive` asks first: none is kept waiting by a busy one. */
  #first = 0;

  /** @param stats to count in; kept up to date when `stats` is asked for. */
  constructor(
    ethertype: number,
    port: number,
    datagram: new (buffer: Uint8Array) => Received,
    decodeFrame: FrameDecoder<Received>,
    stats: TransportStats,
    open: OpenDevice = openBpfDevice,
  ) {
    this.#ethertype = ethertype;
    this.#port = port;
    this.#decodeFrame = decodeFrame;
    this.#stats = stats;
    this.#open = open;
    this.#batches = new Pool(() => new ReceivedBatch(BATCH_BYTES, datagram, this.#batches), IDLE_BATCHES);
  }

  attach(ifindex: number, interfaceName: string): Disposable {
    const attached: Attached = { device: this.#open(interfaceName, this.#ethertype, this.#port), poller: undefined };
    this.#attached.set(ifindex, attached);
    this.#poll(attached);
    return {
      [Symbol.dispose]: () => {
        // A second disposal must not close what was attached since.
        if (this.#attached.get(ifindex) === attached) this.#detach(ifindex, attached);
      },
    };
  }

  #poll(attached: Attached): void {
    if (this.#onReadable === undefined) return;
    attached.poller = new Poller(attached.device.fd, this.#onReadable);
    if (!this.#paused) attached.poller.resume();
  }

  #detach(ifindex: number, { device, poller }: Attached): void {
    this.#pastDrops += device.drops;
    this.#attached.delete(ifindex);
    poller?.[Symbol.dispose]();
    device[Symbol.dispose]();
  }

  get stats(): TransportStats {
    this.#stats.kernelDrops = this.#pastDrops;
    for (const { device } of this.#attached.values()) this.#stats.kernelDrops += device.drops;
    return this.#stats;
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
    for (const attached of this.#attached.values()) this.#poll(attached);
  }

  pause(): void {
    this.#paused = true;
    for (const { poller } of this.#attached.values()) poller?.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const { poller } of this.#attached.values()) poller?.resume();
    this.#callAgain();
  }

  /** For frames that are read already: the kernel calls for them no more. */
  #callAgain(): void {
    if (this.#isCalling || !this.#holdsFrames()) return;
    this.#isCalling = true;
    setImmediate(() => {
      this.#isCalling = false;
      if (!this.#paused && this.#holdsFrames()) this.#onReadable?.();
    });
  }

  #holdsFrames(): boolean {
    for (const { device } of this.#attached.values()) if (device.frames.hasFrame) return true;
    return false;
  }

  receive(limit: number): Batch<Address> | undefined {
    const batch = this.#batches.take().open();
    const attached = [...this.#attached];
    for (let i = 0; i < attached.length && batch.datagrams.length === 0; i++) {
      const [ifindex, { device }] = attached[(this.#first + i) % attached.length] as (typeof attached)[number];
      this.#take(batch, ifindex, device, Math.min(limit, BATCH_FRAMES));
    }
    this.#first = attached.length === 0 ? 0 : (this.#first + 1) % attached.length;
    this.#callAgain();
    if (batch.datagrams.length > 0) return batch;
    batch.release();
    return undefined;
  }

  /** Takes frames of one device until the batch is full. */
  #take(batch: ReceivedBatch<Address, Received>, ifindex: number, device: BpfDevice, limit: number): void {
    const { frames } = device;
    const now = performance.now();
    const today = Date.now();
    let end = 0;
    for (let seen = 0; seen < FRAMES_AT_ONCE && batch.datagrams.length < limit; seen++) {
      if (!frames.hasFrame && !device.read()) return;
      const { start, length, time } = frames;
      if (end + length > batch.buffer.length) return;
      batch.buffer.set(frames.bytes.subarray(start, start + length), end);
      frames.advance();
      const datagram = batch.candidate();
      datagram.ifindex = ifindex;
      // The clock may have been set in between.
      datagram.received = now - Math.min(Math.max(0, today - time), 60_000);
      const kind = this.#decodeFrame(batch.buffer, end, length, true, datagram);
      if (kind !== "datagram") {
        countFrame(kind, this.#stats);
        continue;
      }
      batch.keep(datagram);
      end += length;
    }
  }

  /** The kernel writes the source. */
  writeLinkHeader(buffer: Uint8Array, offset: number, mac: Uint8Array): void {
    const at = offset - ETHERNET_HEADER;
    for (let i = 0; i < MAC_LENGTH; i++) buffer[at + i] = mac[i] as number;
    buffer.fill(0, at + MAC_LENGTH, at + 2 * MAC_LENGTH);
    writeU16(buffer, offset - 2, this.#ethertype);
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    for (let sent = 0; sent < count; sent++) {
      const row = (from + sent) * OUTGOING.stride;
      const device = this.#attached.get(rows[row + OUTGOING.ifindex] as number)?.device;
      const offset = rows[row + OUTGOING.offset] as number;
      const end = offset + (rows[row + OUTGOING.length] as number);
      const result = device?.write(buffer, offset - ETHERNET_HEADER, end) ?? -constants.errno.ENETDOWN;
      if (result < 0) return sent > 0 ? sent : result;
    }
    return count;
  }

  [Symbol.dispose](): void {
    for (const [ifindex, attached] of this.#attached) this.#detach(ifindex, attached);
  }
}
