/** Reads fields from bytes in order. Never returns short: what is not there is a `DecodeError`. */
import { readU16, readU32 } from "../base/big-endian.ts";
import { DecodeError } from "../base/decode-error.ts";

export class Reader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** What the offsets in errors count from. */
  readonly #base: number;
  /** Prefix of field names in errors, e.g. `option 82`. */
  readonly #context: string;
  #at: number;

  /** @param base offset of `bytes[0]` in the message, for errors */
  constructor(bytes: Uint8Array, context = "", base = 0) {
    this.#bytes = bytes;
    this.#at = 0;
    this.#end = bytes.length;
    this.#base = base;
    this.#context = context;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  get offset(): number {
    return this.#base + this.#at;
  }

  fail(field: string, what: string): never {
    throw new DecodeError(this.#context === "" ? field : `${this.#context} ${field}`, this.offset, what);
  }

  #need(count: number, field: string): number {
    if (this.remaining < count) this.fail(field, `needs ${count} bytes, ${this.remaining} are left`);
    const at = this.#at;
    this.#at += count;
    return at;
  }

  u8(field: string): number {
    return this.#bytes[this.#need(1, field)]!;
  }

  u16(field: string): number {
    return readU16(this.#bytes, this.#need(2, field));
  }

  u32(field: string): number {
    return readU32(this.#bytes, this.#need(4, field));
  }

  /** A view, not a copy. */
  bytes(count: number, field: string): Uint8Array {
    const at = this.#need(count, field);
    return this.#bytes.subarray(at, at + count);
  }

  rest(): Uint8Array {
    return this.bytes(this.remaining, "rest");
  }

  /** Left-over bytes are an error: a decoder that succeeds must have read everything. */
  finish(field: string): void {
    if (this.remaining > 0) this.fail(field, `${this.remaining} bytes too many`);
  }
}
