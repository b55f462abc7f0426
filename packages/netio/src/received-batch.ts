/** A batch of received datagrams whose memory is used again after its release. */

import type { Batch, Datagram } from "./datagram.ts";
import type { Pool } from "./pool.ts";

/** Always of this one shape, and filled anew for each datagram. */
export class ReceivedDatagram implements Datagram {
  readonly buffer: Uint8Array;
  offset = 0;
  length = 0;
  ifindex = 0;
  source = 0;
  sourcePort = 0;
  destination = 0;
  macOffset = -1;
  // Starts as a fraction so that V8 gives the field room for one.
  received = 0.5;

  constructor(buffer: Uint8Array) {
    this.buffer = buffer;
  }
}

export class ReceivedBatch implements Batch {
  readonly buffer: Uint8Array;
  readonly datagrams: ReceivedDatagram[] = [];
  readonly #objects: ReceivedDatagram[] = [];
  readonly #pool: Pool<ReceivedBatch>;
  #released = false;

  constructor(bytes: number, pool: Pool<ReceivedBatch>) {
    this.buffer = new Uint8Array(bytes);
    this.#pool = pool;
  }

  /** Makes a batch from the pool ready for use. */
  open(): this {
    this.#released = false;
    return this;
  }

  /** The object to fill in next; not part of the batch before `keep`. */
  candidate(): ReceivedDatagram {
    const index = this.datagrams.length;
    if (index === this.#objects.length) this.#objects.push(new ReceivedDatagram(this.buffer));
    return this.#objects[index] as ReceivedDatagram;
  }

  keep(datagram: ReceivedDatagram): void {
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
