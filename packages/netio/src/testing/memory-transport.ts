/** Transports of values for tests: they put datagrams in, and look at what the server sent. */
import { type Address6, readAddress6 } from "../frames/address6.ts";
import type {
  Batch,
  Datagram,
  Destination,
  SendBatch,
  SendFailure,
  Transport,
  TransportStats,
} from "../transports/datagram.ts";
import { TurnPoller } from "../turn-poller.ts";

/** A datagram as a value; what is left out is 0 or ::, and the MAC address unknown. */
export interface MemoryDatagram<Address = number> {
  readonly payload: Uint8Array;
  readonly ifindex: number;
  readonly source?: Address;
  readonly sourcePort?: number;
  readonly destination?: Address;
  /** 6 bytes. */
  readonly mac?: Uint8Array;
}

export interface SentDatagram<Address = number> {
  readonly payload: Uint8Array;
  readonly to: Destination<Address>;
}

/** Tells milliseconds since some moment. */
export interface Watch {
  monotonic(): number;
}

const MAC_LENGTH = 6;
/** What released memory reads as, so that a test sees who looks at it too late. */
const POISON = 0xdd;

export class AddressedTransport<Address> implements Transport<Address> {
  readonly stats: TransportStats = { kernelDrops: 0, fragments: 0, badFrames: 0, otherVlan: 0, sendErrors: 0 };
  /** All that was sent, in order. */
  readonly sent: SentDatagram<Address>[] = [];
  /** Interfaces on which sending fails with ENETDOWN. */
  readonly down = new Set<number>();
  /** Is told of each datagram that was sent; a test that plays the network sets it. */
  onSent: ((datagram: SentDatagram<Address>) => void) | undefined;
  readonly #clock: Watch;
  readonly #unspecified: Address;
  readonly #waiting: { datagram: MemoryDatagram<Address>; received: number }[] = [];
  readonly #poller = new TurnPoller(() => this.#waiting.length > 0);

  constructor(clock: Watch, unspecified: Address) {
    this.#clock = clock;
    this.#unspecified = unspecified;
  }

  /** A datagram arrives. The server hears of it in the next turn of the event loop. */
  deliver(datagram: MemoryDatagram<Address>): void {
    this.#waiting.push({ datagram, received: this.#clock.monotonic() });
    this.#poller.look();
  }

  /** Takes all that was sent out of `sent`. */
  takeSent(): SentDatagram<Address>[] {
    return this.sent.splice(0);
  }

  start(onReadable: () => void): void {
    this.#poller.start(onReadable);
  }

  pause(): void {
    this.#poller.pause();
  }

  resume(): void {
    this.#poller.resume();
  }

  receive(limit: number): Batch<Address> | undefined {
    const taken = this.#waiting.splice(0, limit);
    if (taken.length === 0) return undefined;
    const buffer = new Uint8Array(taken.reduce((sum, { datagram }) => sum + MAC_LENGTH + datagram.payload.length, 0));
    let end = 0;
    const datagrams = taken.map(({ datagram, received }): Datagram<Address> => {
      const { payload, ifindex, source = this.#unspecified, sourcePort = 0, mac } = datagram;
      const { destination = this.#unspecified } = datagram;
      const macOffset = end;
      if (mac !== undefined) buffer.set(mac, macOffset);
      const offset = macOffset + MAC_LENGTH;
      buffer.set(payload, offset);
      end = offset + payload.length;
      const where = { buffer, offset, length: payload.length, macOffset: mac === undefined ? -1 : macOffset };
      return { ...where, ifindex, source, sourcePort, destination, received };
    });
    let released = false;
    return {
      datagrams,
      release() {
        if (released) throw new Error("batch released twice");
        released = true;
        buffer.fill(POISON);
      },
    };
  }

  newSendBatch(): SendBatch<Address> {
    return new MemorySendBatch((datagram) => this.#send(datagram));
  }

  #send(datagram: SentDatagram<Address>): string | undefined {
    if (this.down.has(datagram.to.ifindex)) {
      this.stats.sendErrors++;
      return "ENETDOWN";
    }
    this.sent.push(datagram);
    this.onSent?.(datagram);
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#poller[Symbol.dispose]();
  }
}

export class MemoryTransport4 extends AddressedTransport<number> {
  /** @param clock whose reading becomes `Datagram.received`. */
  constructor(clock: Watch) {
    super(clock, 0);
  }
}

export class MemoryTransport6 extends AddressedTransport<Address6> {
  /** @param clock whose reading becomes `Datagram.received`. */
  constructor(clock: Watch) {
    super(clock, readAddress6(new Uint8Array(16), 0));
  }
}

class MemorySendBatch<Address> implements SendBatch<Address> {
  readonly #datagrams: SentDatagram<Address>[] = [];
  readonly #sendOne: (datagram: SentDatagram<Address>) => string | undefined;
  #room = new Uint8Array(0);
  #sent = false;

  constructor(sendOne: (datagram: SentDatagram<Address>) => string | undefined) {
    this.#sendOne = sendOne;
  }

  get size(): number {
    return this.#datagrams.length;
  }

  /** Not at 0, so that a caller who forgets the offset is found out. */
  reserve(capacity: number): { buffer: Uint8Array; offset: number } {
    this.#room = new Uint8Array(capacity + 1);
    return { buffer: this.#room, offset: 1 };
  }

  add(length: number, to: Destination<Address>): void {
    if (this.#sent) throw new Error("batch already sent");
    this.#datagrams.push({ payload: this.#room.slice(1, 1 + length), to: { ...to, mac: to.mac?.slice() } });
  }

  discard(): void {
    if (this.#sent) throw new Error("batch already sent");
    this.#sent = true;
  }

  send(): readonly SendFailure[] {
    this.discard();
    return this.#datagrams.flatMap((datagram, index) => {
      const code = this.#sendOne(datagram);
      return code === undefined ? [] : [{ index, code }];
    });
  }
}
