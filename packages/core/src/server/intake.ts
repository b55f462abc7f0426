/**
 * Packets that wait for their turn. When more come than can be served, those whose clients have least to lose go first:
 * a DISCOVER or SOLICIT begins anew by itself, a REQUEST ends an exchange that has been paid for already.
 */
import type { Batch, Datagram } from "@kotare/netio/datagram";
import type { Clock, Milliseconds } from "../base/clock.ts";

/** One packet and the batch whose memory it lives in. */
export interface Waiting<Address = number> {
  readonly datagram: Datagram<Address>;
  readonly holder: BatchHolder;
}

/** Whether a packet begins an exchange: a glance, no decoding. One that is not seen through counts as urgent. */
export type IsFirst = (datagram: Datagram<unknown>) => boolean;

/** Gives a batch's memory back when the last of its packets is done. */
export class BatchHolder {
  readonly #batch: Batch<unknown>;
  #left: number;

  constructor(batch: Batch<unknown>) {
    this.#batch = batch;
    this.#left = batch.datagrams.length;
  }

  done(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#batch.release();
  }
}

/** RFC 2131 §4.1: clients send again after 3 to 5 seconds; by then the first message is nobody's any more. */
const PATIENCE: Milliseconds = 3000;
/** About 100 ms of work for each kind at full speed: what waits longer has been sent again by the time it is served. */
const QUEUE_LIMIT = 2048;

/**
 * So few packets cost least in one batch, though what answers first messages then waits for the disk with the rest. Of
 * more, each kind has batches of its own.
 */
const MIXED_LIMIT = 32;

export class Intake<Address> {
  readonly #urgent: Waiting<Address>[] = [];
  readonly #first: Waiting<Address>[] = [];
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #isFirst: IsFirst;
  readonly #onStale: (waiting: Waiting<Address>) => void;

  /**
   * @param clock that of `Datagram.received`
   * @param onStale counts and logs a packet that gave way to newer ones
   */
  constructor(clock: Pick<Clock, "monotonic">, isFirst: IsFirst, onStale: (waiting: Waiting<Address>) => void) {
    this.#clock = clock;
    this.#isFirst = isFirst;
    this.#onStale = onStale;
  }

  get size(): number {
    return this.#urgent.length + this.#first.length;
  }

  add(batch: Batch<Address>): void {
    const holder = new BatchHolder(batch);
    const oldest = this.#clock.monotonic() - PATIENCE;
    for (const datagram of batch.datagrams) {
      const waiting = { datagram, holder };
      if (datagram.received < oldest) this.#onStale(waiting);
      else if (this.#isFirst(datagram)) this.#first.push(waiting);
      else this.#urgent.push(waiting);
    }
    this.#trim(this.#urgent);
    this.#trim(this.#first);
  }

  #trim(queue: Waiting<Address>[]): void {
    if (queue.length <= QUEUE_LIMIT) return;
    for (const waiting of queue.splice(0, queue.length - QUEUE_LIMIT)) this.#onStale(waiting);
  }

  /** The next packets to serve, at most `limit`. */
  take(limit: number): Waiting<Address>[] {
    const isMixed = this.#urgent.length === 0 || this.size <= MIXED_LIMIT;
    const next = this.#urgent.splice(0, limit);
    if (isMixed) next.push(...this.#first.splice(0, limit - next.length));
    return next;
  }
}
