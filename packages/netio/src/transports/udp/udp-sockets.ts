/** What the UDP transports of both families share: a set of kernel sockets that may change while they serve. */

import { closeSync } from "node:fs";
import { constants } from "node:os";
import { FLAG, MESSAGES_PER_CALL, native, OUTGOING, RECEIVED } from "../../native.ts";
import { Poller } from "../../poller.ts";
import { checkResult } from "../../system-error.ts";
import type { Batch, Datagram, Destination, SendBatch, Transport, TransportStats } from "../datagram.ts";
import { IDLE_SEND_BATCHES, OutgoingBatch, type Wire } from "../outgoing-batch.ts";
import { Pool } from "../pool.ts";
import { IDLE_BATCHES, ReceivedBatch, type ReceivedDatagram, receivedAt } from "../received-batch.ts";

interface Socket {
  readonly fd: number;
  poller: Poller | undefined;
}

/** Sockets by key. Source and destination, each of `addressLength` bytes, stand before each payload. */
export abstract class UdpSockets<Key, Address, Received extends ReceivedDatagram & Datagram<Address>>
  implements Transport<Address>, Wire<Address>
{
  readonly headroom: number;
  readonly #addressLength: number;
  readonly #slot: number;
  readonly #sockets = new Map<Key, Socket>();
  readonly #stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  /** Losses of sockets that are closed. */
  #pastDrops = 0;
  readonly #received = new Int32Array(MESSAGES_PER_CALL * RECEIVED.stride);
  readonly #batches: Pool<ReceivedBatch<Address, Received>>;
  readonly #sendBatches: Pool<OutgoingBatch<Address>> = new Pool(
    () => new OutgoingBatch(this, this.#sendBatches),
    IDLE_SEND_BATCHES,
  );
  #onReadable: (() => void) | undefined;
  #paused = false;
  /** Which socket `receive` asks first: none is kept waiting by a busy one. */
  #first = 0;

  /** @param slot room for each datagram and its addresses; a longer one is counted as bad. */
  constructor(addressLength: number, slot: number, datagram: new (buffer: Uint8Array) => Received) {
    this.headroom = 2 * addressLength;
    this.#addressLength = addressLength;
    this.#slot = slot;
    const make = () => new ReceivedBatch(MESSAGES_PER_CALL * slot, datagram, this.#batches);
    this.#batches = new Pool(make, IDLE_BATCHES);
  }

  /** The addresses stand before the payload. */
  protected abstract readAddresses(datagram: Received): void;
  protected abstract writeAddresses(buffer: Uint8Array, at: number, to: Destination<Address>): void;
  /** Which socket a reply leaves from, by its interface and the addresses that `writeAddresses` put before `offset`. */
  protected abstract senderOf(buffer: Uint8Array, offset: number, ifindex: number): Key;

  /** Whether a datagram is for us. @param _flags bits of `FLAG` */
  protected isWanted(_datagram: Received, _flags: number): boolean {
    return true;
  }

  protected fdOf(key: Key): number | undefined {
    return this.#sockets.get(key)?.fd;
  }

  get stats(): TransportStats {
    let drops = this.#pastDrops;
    for (const socket of this.#sockets.values()) drops += Math.max(0, native.udpDrops(socket.fd));
    this.#stats.kernelDrops = drops;
    return this.#stats;
  }

  /** Receives on a socket that is open already. */
  protected add(key: Key, fd: number): void {
    const socket: Socket = { fd, poller: undefined };
    this.#sockets.set(key, socket);
    this.#poll(socket);
  }

  #poll(socket: Socket): void {
    if (this.#onReadable === undefined) return;
    socket.poller = new Poller(socket.fd, this.#onReadable);
    if (!this.#paused) socket.poller.resume();
  }

  /** Closes the socket; what waits in it is lost. */
  protected remove(key: Key): void {
    const socket = this.#sockets.get(key);
    if (socket === undefined) return;
    this.#pastDrops += Math.max(0, native.udpDrops(socket.fd));
    this.#sockets.delete(key);
    socket.poller?.[Symbol.dispose]();
    closeSync(socket.fd);
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
    for (const socket of this.#sockets.values()) this.#poll(socket);
  }

  pause(): void {
    this.#paused = true;
    for (const socket of this.#sockets.values()) socket.poller?.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const socket of this.#sockets.values()) socket.poller?.resume();
  }

  receive(limit: number): Batch<Address> | undefined {
    const batch = this.#batches.take().open();
    const sockets = [...this.#sockets.values()];
    let free = Math.min(limit, MESSAGES_PER_CALL);
    let end = 0;
    for (let i = 0; i < sockets.length && free > 0; i++) {
      const { fd } = sockets[(this.#first + i) % sockets.length] as Socket;
      const rows = this.#received;
      const count = native.receiveUdp(fd, this.#addressLength, batch.buffer, end, this.#slot, rows, free);
      checkResult("recvmmsg", count);
      this.#take(batch, count);
      end += count * this.#slot;
      free -= count;
    }
    this.#first = sockets.length === 0 ? 0 : (this.#first + 1) % sockets.length;
    if (batch.datagrams.length > 0) return batch;
    batch.release();
    return undefined;
  }

  #take(batch: ReceivedBatch<Address, Received>, count: number): void {
    const now = performance.now();
    const rows = this.#received;
    for (let i = 0, row = 0; i < count; i++, row += RECEIVED.stride) {
      const flags = rows[row + RECEIVED.flags] as number;
      if ((flags & FLAG.truncated) !== 0) {
        this.#stats.badFrames++;
        continue;
      }
      const datagram = batch.candidate();
      datagram.offset = rows[row + RECEIVED.offset] as number;
      datagram.length = rows[row + RECEIVED.length] as number;
      datagram.ifindex = rows[row + RECEIVED.ifindex] as number;
      datagram.sourcePort = rows[row + RECEIVED.sourcePort] as number;
      datagram.received = receivedAt(now, rows[row + RECEIVED.ageMicros] as number);
      this.readAddresses(datagram);
      if (this.isWanted(datagram, flags)) batch.keep(datagram);
    }
  }

  newSendBatch(): SendBatch<Address> {
    return this.#sendBatches.take().open();
  }

  /** The kernel writes the headers; it finds the addresses before the payload. */
  writeHeaders(buffer: Uint8Array, offset: number, _length: number, to: Destination<Address>): number {
    this.writeAddresses(buffer, offset - this.headroom, to);
    return 0;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    const key = this.#senderAt(buffer, rows, from);
    const fd = this.fdOf(key);
    if (fd === undefined) return -constants.errno.ENETDOWN;
    let run = 1;
    while (run < count && this.#senderAt(buffer, rows, from + run) === key) run++;
    return native.sendUdp(fd, this.#addressLength, buffer, rows, from, run);
  }

  #senderAt(buffer: Uint8Array, rows: Int32Array, index: number): Key {
    const row = index * OUTGOING.stride;
    const offset = rows[row + OUTGOING.offset] as number;
    return this.senderOf(buffer, offset, rows[row + OUTGOING.ifindex] as number);
  }

  [Symbol.dispose](): void {
    for (const key of this.#sockets.keys()) this.remove(key);
  }
}
