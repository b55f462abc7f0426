/**
 * Packets that wait for their turn. When more come than can be served, those whose clients have least to lose are let go:
 * a DISCOVER or SOLICIT begins anew by itself, a REQUEST ends an exchange that has been paid for already, and who renews
 * has something to lose.
 */
import type { Batch, Datagram } from "@kotare/netio/transports/datagram";
import type { Clock, Milliseconds } from "../../base/clock.ts";
import { emptyList } from "./empty-list.ts";
import type { Arrival, Glanced } from "./packet-path.ts";

/** One packet and the batch whose memory it lives in. */
export interface Waiting<Address = number> {
  readonly datagram: Arrival<Address>;
  readonly holder: BatchHolder;
}

/** Lower numbers are served first. */
export const Urgency = {
  /** A client has a lease and wants to keep it. */
  renewal: 0,
  other: 1,
  /** An exchange begins. */
  first: 2,
} as const;
export type Urgency = (typeof Urgency)[keyof typeof Urgency];

export interface IntakeRules<Address = number> {
  /** Whether a packet is for nobody here; it has been told then, and does not wait. Absent where that is never so. */
  turnsAway?(datagram: Arrival<Address>): boolean;
  /** A glance, no decoding; a packet that is not seen through is one of the others. */
  urgencyOf(datagram: Glanced): Urgency;
  /**
   * Whether the client of a renewal has the lease, as far as can be told at once; asked only when many wait. Whoever claims to
   * renew would else be served as early as who does.
   */
  isKnown(datagram: Glanced): boolean;
  /**
   * Whether a batch costs so much, for it asks a database of leases, that first messages wait in one with others. Where only
   * reservations are asked for, others need not be: they would wait, and be decided about again, for those that do.
   */
  mixes(): boolean;
}

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

/** Of more, first messages have batches of their own all the same: what answers them need not wait until the others are stored. */
const MIXED_LIMIT = 32;

/** As many renewals as a batch has may wait before it is looked at whose they are. */
const CROWD = 64;

export class Intake<Address> {
  /** By urgency. */
  readonly #queues: readonly Waiting<Address>[][] = Object.values(Urgency).map(() => emptyList());
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #rules: Required<IntakeRules<Address>>;
  readonly #onStale: (waiting: Waiting<Address>) => void;

  /**
   * @param clock that of `Datagram.received`
   * @param onStale counts and logs a packet that gave way to newer ones
   */
  constructor(
    clock: Pick<Clock, "monotonic">,
    rules: IntakeRules<Address>,
    onStale: (waiting: Waiting<Address>) => void,
  ) {
    this.#clock = clock;
    const { turnsAway = () => false, urgencyOf, isKnown, mixes } = rules;
    // In one shape, as `Pipeline` has its parts.
    this.#rules = { turnsAway, urgencyOf, isKnown, mixes };
    this.#onStale = onStale;
  }

  get size(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  add(batch: Batch<Address>): void {
    const holder = new BatchHolder(batch);
    const oldest = this.#clock.monotonic() - PATIENCE;
    for (const datagram of batch.datagrams) {
      const waiting = { datagram, holder };
      if (datagram.received < oldest) this.#onStale(waiting);
      else if (this.#rules.turnsAway(datagram)) holder.done();
      else this.#queues[this.#urgencyOf(datagram)]!.push(waiting);
    }
    for (const queue of this.#queues) this.#trim(queue);
  }

  #urgencyOf(datagram: Datagram<Address>): Urgency {
    const urgency = this.#rules.urgencyOf(datagram);
    const isCrowded = urgency === Urgency.renewal && this.#queues[urgency]!.length >= CROWD;
    return isCrowded && !this.#rules.isKnown(datagram) ? Urgency.other : urgency;
  }

  #trim(queue: Waiting<Address>[]): void {
    if (queue.length <= QUEUE_LIMIT) return;
    for (const waiting of queue.splice(0, queue.length - QUEUE_LIMIT)) this.#onStale(waiting);
  }

  /**
   * The next packets to serve.
   * @param limit how many at most
   * @param bytes what they cost is in proportion to their length: behind so many bytes there is no further one
   */
  take(limit: number, bytes: number): Waiting<Address>[] {
    const isMixed = this.size <= MIXED_LIMIT && this.#rules.mixes();
    const next: Waiting<Address>[] = [];
    let left = bytes;
    for (const [urgency, queue] of this.#queues.entries()) {
      if (urgency === Urgency.first && next.length > 0 && !isMixed) break;
      let count = 0;
      while (count < queue.length && next.length < limit && left > 0) {
        left -= queue[count]!.datagram.length;
        next.push(queue[count++]!);
      }
      queue.splice(0, count);
    }
    return next;
  }
}
