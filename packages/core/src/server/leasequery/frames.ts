/** Messages on a connection (RFC 6926 §6.1, RFC 5460 §5.1): two bytes of length before each. */
import { readU16, writeU16 } from "../../base/big-endian.ts";
import { DecodeError } from "../../base/decode-error.ts";

const LENGTH = 2;
/** No query has more. */
const LONGEST_QUERY = 4096;

/** Cuts what comes into messages. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0);

  /** Whether something has come that is no whole message yet. */
  get isInside(): boolean {
    return this.#rest.length > 0;
  }

  /** @returns the messages that are complete now: views @throws DecodeError where one is too long to be a query */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: Uint8Array[] = [];
    let at = 0;
    while (at + LENGTH <= all.length) {
      const length = readU16(all, at);
      if (length > LONGEST_QUERY) {
        throw new DecodeError("length", at, `is ${length}, and no query has more than ${LONGEST_QUERY} bytes`);
      }
      const end = at + LENGTH + length;
      if (end > all.length) break;
      messages.push(all.subarray(at + LENGTH, end));
      at = end;
    }
    // A copy: what is left is little, and would hold on to all that came with it.
    this.#rest = all.slice(at);
    return messages;
  }
}

/** The messages in what `collectFrames` gave, each with its length: views. */
export function* framesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + LENGTH + readU16(bytes, at);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** What no message is longer than. */
const ROOM = 0x1_0000;

/** Adds a message. @param encode writes it at `buffer[start…]`, where `limit` bytes are free @returns false where `encode` gives no length */
export type AddFrame = (encode: (buffer: Uint8Array, start: number, limit: number) => number | undefined) => boolean;

/** Memory for answers, used again: what is new each time is outside of the heap, and has garbage collected four times as often. */
const SIZE = 2 * ROOM;
const free: Uint8Array[] = [];
/** A hundred connections that are answered at once need more, and leave it behind. */
const MOST_FREE = 8;
/** Little is copied, so that what holds on to it holds on to nothing else. */
const LITTLE = 4096;

/** Puts messages one behind the other, in memory that grows. */
class FrameWriter {
  #buffer = newBuffer();
  #at = 0;

  collect(write: (add: AddFrame) => void): Uint8Array {
    // What an interrupted one has left is nobody's.
    this.#at = 0;
    write(this.#add);
    if (this.#at <= LITTLE) return this.#buffer.slice(0, this.#at);
    const bytes = this.#buffer.subarray(0, this.#at);
    this.#buffer = newBuffer();
    return bytes;
  }

  readonly #add: AddFrame = (encode) => {
    if (this.#at + LENGTH + ROOM > this.#buffer.length) {
      const grown = new Uint8Array(2 * this.#buffer.length);
      grown.set(this.#buffer.subarray(0, this.#at));
      this.#buffer = grown;
    }
    const start = this.#at + LENGTH;
    const length = encode(this.#buffer, start, ROOM - 1);
    if (length === undefined) return false;
    writeU16(this.#buffer, this.#at, length);
    this.#at = start + length;
    return true;
  };
}

function newBuffer(): Uint8Array {
  return free.pop() ?? new Uint8Array(SIZE);
}

/** For all: nothing waits while frames are collected. */
const writer = new FrameWriter();

/** What has been added. @param write must not wait */
export function collectFrames(write: (add: AddFrame) => void): Uint8Array {
  return writer.collect(write);
}

/** Takes back what `collectFrames` gave: nobody looks at it any more. */
export function recycle({ buffer }: Uint8Array): void {
  if (buffer.byteLength === SIZE && free.length < MOST_FREE) free.push(new Uint8Array(buffer));
}
