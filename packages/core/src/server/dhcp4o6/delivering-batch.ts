/** Replies of which some leave by the sockets of the server, and others are handed to somebody who knows their way. */
import type { Destination, SendBatch, SendFailure } from "@kotare/netio/transports/datagram";

/** Where a reply goes that does not leave by the sockets of the server. */
export interface Delivered<Address> extends Destination<Address> {
  /** @param payload valid for the time of the call */
  deliver(payload: Uint8Array): void;
}

interface Kept<Address> {
  readonly payload: Uint8Array;
  readonly to: Delivered<Address>;
}

export class DeliveringBatch<Address> implements SendBatch<Address> {
  /** Absent while the server has no socket. */
  readonly #batch: SendBatch<Address> | undefined;
  readonly #kept: Kept<Address>[] = [];
  /** Of the replies in `#batch`: which they are among all. */
  readonly #places: number[] = [];
  #size = 0;
  #room: { readonly buffer: Uint8Array; readonly offset: number } = { buffer: new Uint8Array(0), offset: 0 };

  constructor(batch: SendBatch<Address> | undefined) {
    this.#batch = batch;
  }

  get size(): number {
    return this.#size;
  }

  reserve(capacity: number): { readonly buffer: Uint8Array; readonly offset: number } {
    this.#room = this.#batch?.reserve(capacity) ?? { buffer: new Uint8Array(capacity), offset: 0 };
    return this.#room;
  }

  add(length: number, to: Destination<Address>): void {
    if (isDelivered(to)) {
      const { buffer, offset } = this.#room;
      this.#kept.push({ payload: buffer.slice(offset, offset + length), to });
    } else {
      this.#batch!.add(length, to);
      this.#places.push(this.#size);
    }
    this.#size += 1;
  }

  send(): readonly SendFailure[] {
    for (const { payload, to } of this.#kept) to.deliver(payload);
    const failures = this.#batch?.send() ?? [];
    return failures.map(({ index, code }) => ({ code, index: this.#places[index]! }));
  }

  discard(): void {
    this.#batch?.discard();
  }
}

function isDelivered<Address>(to: Destination<Address>): to is Delivered<Address> {
  return "deliver" in to;
}
