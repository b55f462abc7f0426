/** A batch of received datagrams whose memory is used again after its release. */

import { type Address6, readAddress6 } from "../frames/address6.ts";
import type { Batch, Datagram } from "./datagram.ts";
import type { Pool } from "./pool.ts";

/** Always of one shape in each family, and filled anew for each datagram. */
export abstract class ReceivedDatagram {
  readonly buffer: Uint8Array;
  offset = 0;
  length = 0;
  ifindex = 0;
  sourcePort = 0;
  macOffset = -1;
  // Starts as a fraction so that V8 gives the field room for one.
  received = 0.5;

  constructor(buffer: Uint8Array) {
    this.buffer = buffer;
  }
}

export class ReceivedDatagram4 extends ReceivedDatagram implements Datagram {
  source = 0;
  destination = 0;
}

/** An address becomes a string when it is asked for. */
export class ReceivedDatagram6 extends ReceivedDatagram implements Datagram<Address6> {
  /** Where `buffer` holds the addresses. */
  sourceOffset = 0;
  destinationOffset = 0;

  get source(): Address6 {
    return readAddress6(this.buffer, this.sourceOffset);
  }

  get destination(): Address6 {
    return readAddress6(this.buffer, this.destinationOffset);
  }
}

/**
 * As many as are in use at the same time under overload, when thousands of packets wait. Memory that came and went with
 * each of them would have the garbage collector go through the whole heap several times a second, just then.
 */
export const IDLE_BATCHES = 64;

export class ReceivedBatch<Address, Received extends Datagram<Address>> implements Batch<Address> {
  readonly buffer: Uint8Array;
  readonly datagrams: Received[] = [];
  /** With one from the start: for an empty list V8 expects small integers, and gives up what it has compiled for these. */
  readonly #objects: Received[];
  readonly #make: new (
    buffer: Uint8Array,
  ) => Received;
  readonly #pool: Pool<ReceivedBatch<Address, Received>>;
  #released = false;

  constructor(bytes: number, make: new (buffer: Uint8Array) => Received, pool: Pool<ReceivedBatch<Address, Received>>) {
    this.buffer = new Uint8Array(bytes);
    this.#objects = [new make(this.buffer)];
    this.#make = make;
    this.#pool = pool;
  }

  /** Makes a batch from the pool ready for use. */
  open(): this {
    this.#released = false;
    return this;
  }

  /** The object to fill in next; not part of the batch before `keep`. */
  candidate(): Received {
    const index = this.datagrams.length;
    if (index === this.#objects.length) this.#objects.push(new this.#make(this.buffer));
    return this.#objects[index] as Received;
  }

  keep(datagram: Received): void {
    this.datagrams.push(datagram);
  }

  release(): void {
    // A second release would hand the same memory to two owners.
    if (this.#released) throw new Error("batch released twice");
    this.#released = true;
    this.datagrams.length = 0;
    this.#pool.give(this);
  }
}

/** When a datagram of that age came in, on the clock of `performance.now()`. */
export function receivedAt(now: number, ageMicros: number): number {
  return now - ageMicros / 1000;
}
