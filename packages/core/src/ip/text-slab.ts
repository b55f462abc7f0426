/** Short texts that are kept for a while, many in one buffer: one each would cost more than writing them. */
import { TextWriter } from "./text-writer.ts";

/** Bytes; gone when the last of its texts is. */
const SIZE = 16 << 10;

export class TextSlab {
  #writer = new TextWriter(SIZE);
  #start = 0;

  /** @returns where to write a text of at most `room` bytes, before `end` */
  begin(room: number): TextWriter {
    if (this.#writer.length + room > SIZE) this.#writer = new TextWriter(Math.max(SIZE, room));
    this.#start = this.#writer.length;
    return this.#writer;
  }

  /** What was written since `begin`: it stays. */
  end(): Uint8Array {
    return this.#writer.bytes.subarray(this.#start, this.#writer.length);
  }
}
