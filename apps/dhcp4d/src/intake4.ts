/**
 * Packets that wait for their turn. When more come than can be served, those whose clients have least to lose go first:
 * a DISCOVER begins anew by itself, a REQUEST ends an exchange that has been paid for already.
 */

import type { Clock, Milliseconds } from "@kotare/core/base/clock";
import { MessageType } from "@kotare/core/dhcp4/message-type";
import { Field4, Option4 } from "@kotare/core/dhcp4/message4";
import type { Batch, Datagram } from "@kotare/netio/datagram";

/** One packet and the batch whose memory it lives in. */
export interface Waiting {
  readonly datagram: Datagram;
  readonly holder: BatchHolder;
}

/** Gives a batch's memory back when the last of its packets is done. */
export class BatchHolder {
  readonly #batch: Batch;
  #left: number;

  constructor(batch: Batch) {
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

export class Intake4 {
  readonly #urgent: Waiting[] = [];
  readonly #discovers: Waiting[] = [];
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #onStale: (waiting: Waiting) => void;

  /**
   * @param clock that of `Datagram.received`
   * @param onStale counts and logs a packet that gave way to newer ones
   */
  constructor(clock: Pick<Clock, "monotonic">, onStale: (waiting: Waiting) => void) {
    this.#clock = clock;
    this.#onStale = onStale;
  }

  get size(): number {
    return this.#urgent.length + this.#discovers.length;
  }

  add(batch: Batch): void {
    const holder = new BatchHolder(batch);
    const oldest = this.#clock.monotonic() - PATIENCE;
    for (const datagram of batch.datagrams) {
      const waiting = { datagram, holder };
      if (datagram.received < oldest) this.#onStale(waiting);
      else if (isDiscover(datagram)) this.#discovers.push(waiting);
      else this.#urgent.push(waiting);
    }
    this.#trim(this.#urgent);
    this.#trim(this.#discovers);
  }

  #trim(queue: Waiting[]): void {
    if (queue.length <= QUEUE_LIMIT) return;
    for (const waiting of queue.splice(0, queue.length - QUEUE_LIMIT)) this.#onStale(waiting);
  }

  /** The next packets to serve, at most `limit`. */
  take(limit: number): Waiting[] {
    const next = this.#urgent.splice(0, limit);
    if (next.length < limit) next.push(...this.#discovers.splice(0, limit - next.length));
    return next;
  }
}

/** A glance, no decoding: clients send option 53 first. A DISCOVER that hides it counts as urgent, no harm done. */
function isDiscover({ buffer, offset, length }: Datagram): boolean {
  const at = offset + Field4.options;
  return (
    length > Field4.options + 2 && buffer[at] === Option4.messageType && buffer[at + 2] === MessageType.DHCPDISCOVER
  );
}
