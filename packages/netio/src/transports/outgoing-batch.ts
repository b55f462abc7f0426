/** Replies written behind each other into one buffer and sent with as few system calls as possible. */

import { constants } from "node:os";
import { HAS_HEADERS, OUTGOING } from "../native.ts";
import { systemErrorCode } from "../system-error.ts";
import type { Destination, SendBatch, SendFailure, TransportStats } from "./datagram.ts";
import type { Pool } from "./pool.ts";

const FIRST_BYTES = 64 * 1024;
const FIRST_ROWS = 64;
/** As many as wait at the same time for the leases that they are about. */
export const IDLE_SEND_BATCHES = 16;
const WOULD_BLOCK = -constants.errno.EAGAIN;
const NO_FAILURES: readonly SendFailure[] = [];

/** What a transport adds to the batch. */
export interface Wire<Address> {
  /** Bytes to leave free before each payload. */
  readonly headroom: number;
  /** Puts headers before the payload at `offset`; gives how many of those bytes belong to the packet. */
  writeHeaders(buffer: Uint8Array, offset: number, length: number, to: Destination<Address>): number;
  /** Sends some of the `count` rows from row `from` on: how many went, or the negative errno of the first. */
  transmit(buffer: Uint8Array, rows: Int32Array, from: number, count: number): number;
  readonly stats: TransportStats;
}

export class OutgoingBatch<Address> implements SendBatch<Address> {
  size = 0;
  readonly #wire: Wire<Address>;
  readonly #headroom: number;
  readonly #pool: Pool<OutgoingBatch<Address>>;
  #rows = new Int32Array(FIRST_ROWS * OUTGOING.stride);
  /** The one object that `reserve` gives, with `offset` where the next payload starts. */
  readonly #room = { buffer: new Uint8Array(FIRST_BYTES), offset: 0 };
  #end = 0;
  #sent = false;

  constructor(wire: Wire<Address>, pool: Pool<OutgoingBatch<Address>>) {
    this.#wire = wire;
    this.#headroom = wire.headroom;
    this.#pool = pool;
  }

  /** Makes a batch from the pool ready for use. */
  open(): this {
    this.#sent = false;
    return this;
  }

  reserve(capacity: number): { readonly buffer: Uint8Array; readonly offset: number } {
    const room = this.#room;
    room.offset = this.#end + this.#headroom;
    if (room.offset + capacity > room.buffer.length) {
      const larger = new Uint8Array(Math.max(room.buffer.length * 2, room.offset + capacity));
      larger.set(room.buffer.subarray(0, this.#end));
      room.buffer = larger;
    }
    return room;
  }

  add(length: number, to: Destination<Address>): void {
    if (this.#sent) throw new Error("batch already sent");
    const { buffer, offset } = this.#room;
    const headers = this.#wire.writeHeaders(buffer, offset, length, to);
    let row = this.size * OUTGOING.stride;
    if (row === this.#rows.length) {
      const larger = new Int32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    const rows = this.#rows;
    rows[row++] = offset - headers;
    rows[row++] = length + headers;
    rows[row++] = to.ifindex;
    rows[row] = headers === 0 ? to.port : HAS_HEADERS;
    this.size++;
    this.#end = offset + length;
  }

  send(): readonly SendFailure[] {
    if (this.#sent) throw new Error("batch already sent");
    let failures: SendFailure[] | undefined;
    let from = 0;
    while (from < this.size) {
      const result = this.#wire.transmit(this.#room.buffer, this.#rows, from, this.size - from);
      if (result > 0) {
        from += result;
        continue;
      }
      // A full send buffer is full for all that follow; any other refusal is about this one datagram.
      const until = result === WOULD_BLOCK ? this.size : from + 1;
      failures ??= [];
      for (; from < until; from++) failures.push({ index: from, code: systemErrorCode(result) });
    }
    this.discard();
    if (failures === undefined) return NO_FAILURES;
    this.#wire.stats.sendErrors += failures.length;
    return failures;
  }

  discard(): void {
    if (this.#sent) throw new Error("batch already sent");
    this.size = 0;
    this.#end = 0;
    this.#sent = true;
    this.#pool.give(this);
  }
}
