/** DHCPv4 over the kernel's UDP sockets (`dhcp-socket-type: udp`): relayed and unicast traffic, one socket per address. */

import { closeSync } from "node:fs";
import { constants } from "node:os";
import type { Batch, SendBatch, Transport, TransportStats } from "./datagram.ts";
import { FLAG, MESSAGES_PER_CALL, native, OUTGOING, RECEIVED } from "./native.ts";
import { OutgoingBatch, type Wire } from "./outgoing-batch.ts";
import { Poller } from "./poller.ts";
import { Pool } from "./pool.ts";
import { ReceivedBatch, receivedAt } from "./received-batch.ts";
import { checkResult, systemError } from "./system-error.ts";

/** Room for each datagram; a longer one is counted as bad. */
const SLOT = 4096;
const IDLE_BATCHES = 8;

/** An IPv4 address of an interface, as an unsigned 32-bit number. */
export interface UdpAddress {
  readonly address: number;
  readonly ifindex: number;
}

export interface UdpTransport extends Transport {
  /**
   * Opens sockets for the addresses that are new and closes those that are gone; the others stay as they are.
   * @throws the first address's `SystemError` that cannot be bound, after all others were tried.
   */
  listen(addresses: readonly UdpAddress[]): void;
}

/**
 * Receives what is sent to `port` of each address; broadcasts are not. Replies leave from the socket of their source address.
 * @throws EACCES without CAP_NET_BIND_SERVICE, EADDRINUSE, EADDRNOTAVAIL.
 */
export function openUdp(addresses: readonly UdpAddress[], port: number): UdpTransport {
  const transport = new SocketSet(port);
  try {
    transport.listen(addresses);
  } catch (error) {
    transport[Symbol.dispose]();
    throw error;
  }
  return transport;
}

interface Socket {
  readonly fd: number;
  readonly ifindex: number;
  poller: Poller | undefined;
}

class SocketSet implements UdpTransport, Wire {
  readonly headroom = 0;
  readonly #port: number;
  /** By address. */
  readonly #sockets = new Map<number, Socket>();
  readonly #stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  /** Losses of sockets that are closed. */
  #pastDrops = 0;
  readonly #received = new Int32Array(MESSAGES_PER_CALL * RECEIVED.stride);
  readonly #batches: Pool<ReceivedBatch> = new Pool(
    () => new ReceivedBatch(MESSAGES_PER_CALL * SLOT, this.#batches),
    IDLE_BATCHES,
  );
  readonly #sendBatches: Pool<OutgoingBatch> = new Pool(() => new OutgoingBatch(this, this.#sendBatches), IDLE_BATCHES);
  #onReadable: (() => void) | undefined;
  #paused = false;

  constructor(port: number) {
    this.#port = port;
  }

  get stats(): TransportStats {
    let drops = this.#pastDrops;
    for (const socket of this.#sockets.values()) drops += Math.max(0, native.udpDrops(socket.fd));
    this.#stats.kernelDrops = drops;
    return this.#stats;
  }

  listen(addresses: readonly UdpAddress[]): void {
    const wanted = new Map(addresses.map(({ address, ifindex }) => [address, ifindex]));
    for (const [address, socket] of this.#sockets) {
      if (wanted.get(address) !== socket.ifindex) this.#close(address, socket);
    }
    const faults: unknown[] = [];
    for (const [address, ifindex] of wanted) {
      if (this.#sockets.has(address)) continue;
      try {
        this.#open(address, ifindex);
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  #open(address: number, ifindex: number): void {
    const fd = native.openUdp(address, this.#port);
    if (fd < 0) throw systemError("bind", fd, `UDP ${formatAddress(address)}:${this.#port}`);
    const socket: Socket = { fd, ifindex, poller: undefined };
    this.#sockets.set(address, socket);
    this.#poll(socket);
  }

  #poll(socket: Socket): void {
    if (this.#onReadable === undefined) return;
    socket.poller = new Poller(socket.fd, this.#onReadable);
    if (!this.#paused) socket.poller.resume();
  }

  #close(address: number, socket: Socket): void {
    this.#pastDrops += Math.max(0, native.udpDrops(socket.fd));
    this.#sockets.delete(address);
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

  receive(limit: number): Batch | undefined {
    const batch = this.#batches.take().open();
    let free = Math.min(limit, MESSAGES_PER_CALL);
    let slots = 0;
    for (const socket of this.#sockets.values()) {
      if (free === 0) break;
      const count = native.receiveUdp(socket.fd, batch.buffer, slots * SLOT, SLOT, this.#received, free);
      checkResult("recvmmsg", count);
      this.#take(batch, count);
      slots += count;
      free -= count;
    }
    if (batch.datagrams.length > 0) return batch;
    batch.release();
    return undefined;
  }

  #take(batch: ReceivedBatch, count: number): void {
    const now = performance.now();
    const rows = this.#received;
    for (let i = 0, row = 0; i < count; i++, row += RECEIVED.stride) {
      if (((rows[row + RECEIVED.flags] as number) & FLAG.truncated) !== 0) {
        this.#stats.badFrames++;
        continue;
      }
      const datagram = batch.candidate();
      datagram.offset = rows[row + RECEIVED.offset] as number;
      datagram.length = rows[row + RECEIVED.length] as number;
      datagram.ifindex = rows[row + RECEIVED.ifindex] as number;
      datagram.source = (rows[row + RECEIVED.source] as number) >>> 0;
      datagram.sourcePort = rows[row + RECEIVED.sourcePort] as number;
      datagram.destination = (rows[row + RECEIVED.destination] as number) >>> 0;
      datagram.received = receivedAt(now, rows[row + RECEIVED.ageMicros] as number);
      batch.keep(datagram);
    }
  }

  newSendBatch(): SendBatch {
    return this.#sendBatches.take().open();
  }

  /** The kernel writes the headers. */
  writeHeaders(): number {
    return 0;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number {
    const source = rows[from * OUTGOING.stride + OUTGOING.source] as number;
    let run = 1;
    while (run < count && rows[(from + run) * OUTGOING.stride + OUTGOING.source] === source) run++;
    const socket = this.#sockets.get(source >>> 0);
    return socket === undefined ? -constants.errno.ENETDOWN : native.sendUdp(socket.fd, buffer, rows, from, run);
  }

  [Symbol.dispose](): void {
    for (const [address, socket] of this.#sockets) this.#close(address, socket);
  }
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}
