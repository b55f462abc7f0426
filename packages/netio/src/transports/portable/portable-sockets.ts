/** What the portable transports of both families share: sockets of Node's own, on any system that Node runs on. */

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { constants } from "node:os";
import { OUTGOING } from "../../native.ts";
import { systemError } from "../../system-error.ts";
import { TurnPoller } from "../../turn-poller.ts";
import type { Batch, Datagram, Destination, SendBatch, Transport, TransportStats } from "../datagram.ts";
import { IDLE_SEND_BATCHES, OutgoingBatch, type Wire } from "../outgoing-batch.ts";
import { Pool } from "../pool.ts";
import { IDLE_BATCHES, ReceivedBatch, type ReceivedDatagram } from "../received-batch.ts";

/** Of one batch at most. */
const DATAGRAMS = 64;
/** Datagrams that may wait to be taken, as many as in the ring of a packet socket. */
const WAITING = 8192;
/** For bursts; the system gives what it allows. */
const BUFFER = 4 * 1024 * 1024;

/** Is told of each reply that the kernel has refused after `send`. */
export type OnRefused = (error: Error) => void;

export interface SocketOptions {
  /** The address to bind, with its zone where it needs one. */
  readonly address: string;
  readonly port: number;
  /** Whether sockets of other addresses may have the port, too: needed beside one that is bound to all. */
  readonly sharesPort?: boolean;
}

/** What has come in and has not been taken yet. */
interface Waiting<Key> {
  readonly payload: Uint8Array;
  readonly key: Key;
  readonly from: RemoteInfo;
  readonly received: number;
}

/** Sockets by key. Room for source and destination, each of `addressLength` bytes, stands before each payload. */
export abstract class PortableSockets<Key, Address, Received extends ReceivedDatagram & Datagram<Address>>
  implements Transport<Address>, Wire<Address>
{
  readonly headroom: number;
  readonly stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  readonly #slot: number;
  readonly #onRefused: OnRefused;
  readonly #sockets = new Map<Key, Socket>();
  #waiting: Waiting<Key>[] = [];
  /** How many of `#waiting` are taken. */
  #taken = 0;
  readonly #batches: Pool<ReceivedBatch<Address, Received>>;
  readonly #sendBatches: Pool<OutgoingBatch<Address>> = new Pool(
    () => new OutgoingBatch(this, this.#sendBatches),
    IDLE_SEND_BATCHES,
  );
  readonly #poller = new TurnPoller(() => this.#taken < this.#waiting.length);

  /** @param slot room for each datagram and its addresses; a longer one is counted as bad. */
  constructor(
    addressLength: number,
    slot: number,
    datagram: new (buffer: Uint8Array) => Received,
    onRefused: OnRefused,
  ) {
    this.headroom = 2 * addressLength;
    this.#slot = slot;
    this.#onRefused = onRefused;
    this.#batches = new Pool(() => new ReceivedBatch(DATAGRAMS * slot, datagram, this.#batches), IDLE_BATCHES);
  }

  /** Fills in interface and addresses; what it writes of them goes before `datagram.offset`. */
  protected abstract readOrigin(datagram: Received, key: Key, from: RemoteInfo): void;
  protected abstract writeAddresses(buffer: Uint8Array, at: number, to: Destination<Address>): void;
  /** Which socket a reply leaves from, and for what address, by its interface and what `writeAddresses` put before `offset`. */
  protected abstract routeOf(
    buffer: Uint8Array,
    offset: number,
    ifindex: number,
  ): { readonly key: Key; readonly to: string };

  protected has(key: Key): boolean {
    return this.#sockets.has(key);
  }

  protected get(key: Key): Socket | undefined {
    return this.#sockets.get(key);
  }

  /** @throws a `SystemError` when it cannot be bound. */
  protected add(key: Key, { address, port, sharesPort = false }: SocketOptions): Socket {
    const type = isIPv6(address) ? "udp6" : "udp4";
    const socket = createSocket({
      type,
      ipv6Only: type === "udp6",
      reuseAddr: sharesPort,
      // Addresses are numbers already: with this Node binds and sends at once, and not in a later turn.
      lookup: (host, _options, callback) => callback(null, host, type === "udp6" ? 6 : 4),
    });
    let fault: NodeJS.ErrnoException | undefined;
    const onFault = (error: Error) => {
      fault = error;
    };
    socket.on("error", onFault);
    socket.bind({ address, port, exclusive: true });
    if (fault !== undefined) {
      socket.close();
      throw systemError("bind", fault.errno ?? -constants.errno.EINVAL, `UDP port ${port} of ${address}`);
    }
    socket.off("error", onFault);
    // An error of a socket that is bound is about one datagram, such as an ICMP message that says "unreachable".
    socket.on("error", (error) => this.#refused(error));
    if (type === "udp4") socket.setBroadcast(true);
    // What we send to a group is not for ourselves.
    else socket.setMulticastLoopback(false);
    growBuffers(socket);
    socket.on("message", (payload, from) => this.#take({ payload, key, from, received: performance.now() }));
    this.#sockets.set(key, socket);
    return socket;
  }

  #take(datagram: Waiting<Key>): void {
    if (this.#waiting.length - this.#taken === WAITING) {
      this.stats.kernelDrops++;
      return;
    }
    this.#waiting.push(datagram);
    this.#poller.look();
  }

  /** Closes the socket; what waits in it is lost. */
  protected remove(key: Key): void {
    this.#sockets.get(key)?.close();
    this.#sockets.delete(key);
    this.#waiting = this.#waiting.slice(this.#taken).filter((datagram) => datagram.key !== key);
    this.#taken = 0;
  }

  start(onReadable: () => void): void {
    this.#poller.start(onReadable);
  }

  /** Node takes datagrams from its sockets all the same: they wait here. */
  pause(): void {
    this.#poller.pause();
  }

  resume(): void {
    this.#poller.resume();
  }

  receive(limit: number): Batch<Address> | undefined {
    const batch = this.#batches.take().open();
    const room = Math.min(limit, DATAGRAMS);
    let at = 0;
    while (batch.datagrams.length < room && this.#taken < this.#waiting.length) {
      const { payload, key, from, received } = this.#waiting[this.#taken++]!;
      if (this.headroom + payload.length > this.#slot) {
        this.stats.badFrames++;
        continue;
      }
      const datagram = batch.candidate();
      datagram.offset = at + this.headroom;
      datagram.length = payload.length;
      datagram.sourcePort = from.port;
      datagram.received = received;
      batch.buffer.set(payload, datagram.offset);
      this.readOrigin(datagram, key, from);
      batch.keep(datagram);
      at += this.#slot;
    }
    if (this.#taken === this.#waiting.length || this.#taken > WAITING) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    if (batch.datagrams.length > 0) return batch;
    batch.release();
    return undefined;
  }

  newSendBatch(): SendBatch<Address> {
    return this.#sendBatches.take().open();
  }

  /** The kernel writes the headers; the addresses before the payload say what is in them. */
  writeHeaders(buffer: Uint8Array, offset: number, _length: number, to: Destination<Address>): number {
    this.writeAddresses(buffer, offset - this.headroom, to);
    return 0;
  }

  transmit(buffer: Uint8Array, rows: Int32Array, from: number, _count: number): number {
    const row = from * OUTGOING.stride;
    const offset = rows[row + OUTGOING.offset]!;
    const { key, to } = this.routeOf(buffer, offset, rows[row + OUTGOING.ifindex]!);
    const socket = this.#sockets.get(key);
    if (socket === undefined) return -constants.errno.EADDRNOTAVAIL;
    const port = rows[row + OUTGOING.port]!;
    // Node would throw. A relay may ask for it by sending from there.
    if (port === 0) return -constants.errno.EINVAL;
    // A copy, as Node keeps what the kernel does not take at once, and the batch is used again.
    const payload = buffer.slice(offset, offset + rows[row + OUTGOING.length]!);
    socket.send(payload, port, to, (error) => {
      if (error !== null) this.#refused(error);
    });
    return 1;
  }

  #refused(error: Error): void {
    this.stats.sendErrors++;
    this.#onRefused(error);
  }

  [Symbol.dispose](): void {
    this.#poller[Symbol.dispose]();
    for (const key of [...this.#sockets.keys()]) this.remove(key);
  }
}

function growBuffers(socket: Socket): void {
  try {
    socket.setRecvBufferSize(BUFFER);
    socket.setSendBufferSize(BUFFER);
  } catch {
    // Some systems refuse what is too much, where Linux gives what it allows.
  }
}
