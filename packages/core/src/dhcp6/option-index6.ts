/** The options in one stretch of a DHCPv6 packet: an index over the packet's own bytes; payloads are read when asked for. */
import { readU16, readU32 } from "../base/big-endian.ts";
import { latin1 } from "../base/bytes.ts";
import { DecodeError } from "../base/decode-error.ts";
import { checkOption6, OPTION_HEADER, Option6 } from "./option6.ts";

/** What one vendor says in option 16 or 17 (RFC 8415 §21.16, §21.17). */
export interface VendorData6 {
  /** IANA enterprise number. */
  readonly enterprise: number;
  /** 16: vendor class tuples, each behind two bytes of length. 17: sub-options. */
  readonly data: Uint8Array;
  /** Of `data` in the packet. */
  readonly offset: number;
}

/** RFC 8415 §21.13; the text is for people and may be empty. */
export interface Status6 {
  readonly code: number;
  readonly text: string;
}

export class OptionIndex6 {
  /** The whole packet. */
  readonly bytes: Uint8Array;
  /** What errors begin with: `""`, or e.g. `relay 0 `. */
  protected readonly within: string;
  /** Options in order, three numbers each: code, offset of the payload, length. */
  readonly #index: number[] = [];

  /**
   * Up to three bytes behind the last option are too few to be one, and nothing is lost with them: there are programs that
   * pad.
   * @throws {DecodeError} when a length leads beyond `end`
   */
  constructor(bytes: Uint8Array, start: number, end: number, within: string) {
    this.bytes = bytes;
    this.within = within;
    for (let at = start; at + OPTION_HEADER <= end; ) {
      const payload = checkOption6(bytes, at, end, within);
      const length = readU16(bytes, at + 2);
      this.#index.push(readU16(bytes, at), payload, length);
      at = payload + length;
    }
  }

  hasOption(code: number): boolean {
    return this.#find(code) >= 0;
  }

  /** Offset of the payload of the first option with this code; -1 when there is none. */
  offsetOf(code: number): number {
    const found = this.#find(code);
    return found < 0 ? -1 : this.#index[found + 1]!;
  }

  /** Payload of the first option with this code: a view. */
  option(code: number): Uint8Array | undefined {
    const found = this.#find(code);
    return found < 0 ? undefined : this.#view(found);
  }

  /** The same as a string with one character a byte: a key for `Map`. */
  optionKey(code: number): string | undefined {
    const found = this.#find(code);
    if (found < 0) return undefined;
    const at = this.#index[found + 1]!;
    return latin1(this.bytes, at, at + this.#index[found + 2]!);
  }

  /** Payloads of all options with this code, in order. */
  everyOption(code: number): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let i = 0; i < this.#index.length; i += 3) if (this.#index[i] === code) found.push(this.#view(i));
    return found;
  }

  countOf(code: number): number {
    let count = 0;
    for (let i = 0; i < this.#index.length; i += 3) if (this.#index[i] === code) count++;
    return count;
  }

  /** The codes present, in order, repeated ones as often as they come. */
  optionCodes(): number[] {
    return this.#index.filter((_, i) => i % 3 === 0);
  }

  /** An option that is one byte. @throws {DecodeError} when it has none */
  u8(code: number): number | undefined {
    const at = this.offsetOfSized(code, 1);
    return at < 0 ? undefined : this.bytes[at]!;
  }

  u16(code: number): number | undefined {
    const at = this.offsetOfSized(code, 2);
    return at < 0 ? undefined : readU16(this.bytes, at);
  }

  u32(code: number): number | undefined {
    const at = this.offsetOfSized(code, 4);
    return at < 0 ? undefined : readU32(this.bytes, at);
  }

  /** An option that is codes of 16 bits: 6, 43. @throws {DecodeError} when its length is odd */
  codes(code: number): readonly number[] {
    const found = this.#find(code);
    if (found < 0) return NO_CODES;
    const start = this.#index[found + 1]!;
    const length = this.#index[found + 2]!;
    if (length % 2 !== 0) this.fail(code, start, `has ${length} bytes, expected two for each code`);
    const codes: number[] = [];
    for (let at = start; at < start + length; at += 2) codes.push(readU16(this.bytes, at));
    return codes;
  }

  /** Option 13. @throws {DecodeError} when it is too short */
  get status(): Status6 | undefined {
    const payload = this.option(Option6.statusCode);
    return payload && decodeStatus6(payload, this.offsetOf(Option6.statusCode), this.within);
  }

  /** What every vendor says in options 16 or 17, which come once a vendor. @throws {DecodeError} */
  vendors(code: typeof Option6.vendorClass | typeof Option6.vendorOptions): VendorData6[] {
    const vendors: VendorData6[] = [];
    this.eachOption((found, at, length) => {
      if (found !== code) return;
      if (length < 4) this.fail(code, at, `has ${length} bytes, expected an enterprise number of 4`);
      const data = this.bytes.subarray(at + 4, at + length);
      vendors.push({ enterprise: readU32(this.bytes, at), data, offset: at + 4 });
    });
    return vendors;
  }

  /** Calls back with code, offset of the payload and its length, for all options in order. */
  eachOption(visit: (code: number, at: number, length: number) => void): void {
    const index = this.#index;
    for (let i = 0; i < index.length; i += 3) visit(index[i]!, index[i + 1]!, index[i + 2]!);
  }

  /** Offset of a payload of at least `size` bytes; -1 when the option is absent. */
  protected offsetOfSized(code: number, size: number): number {
    const found = this.#find(code);
    if (found < 0) return -1;
    const length = this.#index[found + 2]!;
    const at = this.#index[found + 1]!;
    if (length < size) this.fail(code, at, `has ${length} bytes, expected ${size}`);
    return at;
  }

  protected fail(code: number, offset: number, what: string): never {
    throw new DecodeError(`${this.within}option ${code}`, offset, what);
  }

  #find(code: number): number {
    const index = this.#index;
    for (let i = 0; i < index.length; i += 3) if (index[i] === code) return i;
    return -1;
  }

  #view(i: number): Uint8Array {
    const at = this.#index[i + 1]!;
    return this.bytes.subarray(at, at + this.#index[i + 2]!);
  }
}

const NO_CODES: readonly number[] = [];

/** @throws {DecodeError} when the payload is shorter than a code */
export function decodeStatus6(payload: Uint8Array, offset: number, within: string): Status6 {
  if (payload.length < 2) {
    throw new DecodeError(`${within}option ${Option6.statusCode}`, offset, `has ${payload.length} bytes, expected 2`);
  }
  return { code: readU16(payload, 0), text: Buffer.from(payload.subarray(2)).toString("utf8") };
}
