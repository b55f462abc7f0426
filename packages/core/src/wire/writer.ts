/** Writes fields into a buffer that grows. */
import { writeU16, writeU32 } from "../base/big-endian.ts";

export class Writer {
  #buffer: Uint8Array;
  #at = 0;

  constructor(capacity = 256) {
    this.#buffer = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#at;
  }

  #reserve(count: number): number {
    const at = this.#at;
    if (at + count > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(2 * this.#buffer.length, at + count));
      grown.set(this.#buffer);
      this.#buffer = grown;
    }
    this.#at = at + count;
    return at;
  }

  u8(value: number): this {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#reserve(2);
    writeU16(this.#buffer, at, value);
    return this;
  }

  u32(value: number): this {
    const at = this.#reserve(4);
    writeU32(this.#buffer, at, value);
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#buffer.slice(0, this.#at);
  }
}
