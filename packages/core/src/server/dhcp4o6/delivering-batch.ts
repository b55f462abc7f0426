/** Replies of which some leave by the sockets of the server, and others are handed to somebody who knows their way. */
import type { Destination, SendBatch, SendFailure } from "@kotare/netio/transports/datagram";

/** Where a reply goes that does not leave by the sockets of the server. */
export interface Delivered<Address> extends Destination<Address> {
  /** Must not throw: the batch has replies of others. @returns whether it is not too long for its way */
  deliver(payload: Uint8Array): boolean;
}

interface Kept<Address> {
  /** Which it is among all. */
  readonly index: number;
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
      this.#kept.push({ index: this.#size, payload: buffer.slice(offset, offset + length), to });
    } else {
      this.#batch!.add(length, to);
      this.#places.push(this.#size);
    }
    this.#size += 1;
  }

  send(): readonly SendFailure[] {
    const failures = this.#batch?.send() ?? [];
    const tooLong = this.#kept.filter(({ payload, to }) => !to.deliver(payload));
    return [
      ...failures.map(({ index, code }) => ({ code, index: this.#places[index]! })),
      ...tooLong.map(({ index }) => ({ code: "EMSGSIZE", index })),
    ];
  }

  discard(): void {
    this.#batch?.discard();
  }
}

function isDelivered<Address>(to: Destination<Address>): to is Delivered<Address> {
  return "deliver" in to;
}
