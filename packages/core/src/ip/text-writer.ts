/** Text as bytes: numbers, addresses and hexadecimal, written digit by digit, without a string a field. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;
const DIGIT = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Writes into one buffer that grows and is used again. */
export class TextWriter {
  #buffer: Buffer;
  #at = 0;

  constructor(capacity: number) {
    this.#buffer = Buffer.alloc(capacity);
  }

  /** The buffer itself: what was written is `[0, length)`, valid until the next write. */
  get bytes(): Uint8Array {
    return this.#buffer;
  }

  get length(): number {
    return this.#at;
  }

  clear(): void {
    this.#at = 0;
  }

  /** Takes back all but the first `length` bytes. */
  cut(length: number): void {
    this.#at = length;
  }

  /** What was written; valid until the next write. */
  get written(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  toString(): string {
    return this.#buffer.toString("utf8", 0, this.#at);
  }

  /** What was written from `start` on, where that is ASCII: a string of its own. */
  latin1(start: number): string {
    return this.#buffer.toString("latin1", start, this.#at);
  }

  /** Makes room: the field methods below do not look. A number takes 16 bytes at most, an address 39. */
  reserve(count: number): void {
    if (this.#at + count <= this.#buffer.length) return;
    const grown = Buffer.alloc(Math.max(2 * this.#buffer.length, this.#at + count));
    grown.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = grown;
  }

  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    // For a few bytes the call of `set` takes longer than they do.
    if (bytes.length > 8) this.#buffer.set(bytes, this.#at);
    else for (let i = 0; i < bytes.length; i++) this.#buffer[this.#at + i] = bytes[i]!;
    this.#at += bytes.length;
  }

  /** Any text, as UTF-8. */
  utf8(text: string): void {
    this.reserve(BYTES_PER_UNIT * text.length);
    this.#at += this.#buffer.write(text, this.#at);
  }

  /** Writes text up to the first character that is not printable ASCII. @returns how many characters these are */
  printable(text: string): number {
    this.reserve(text.length);
    const buffer = this.#buffer;
    const start = this.#at;
    let i = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e) break;
      buffer[start + i] = code;
    }
    this.#at = start + i;
    return i;
  }

  /** Writes a string of JSON. @returns false where it needs escapes: nothing is written then */
  quoted(text: string): boolean {
    this.reserve(text.length + 2);
    const buffer = this.#buffer;
    let at = this.#at;
    buffer[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
      buffer[at++] = code;
    }
    buffer[at] = QUOTE;
    this.#at = at + 1;
    return true;
  }

  byte(value: number): void {
    this.#buffer[this.#at++] = value;
  }

  decimal(value: number): void {
    const buffer = this.#buffer;
    let size = 1;
    for (let bound = 10; value >= bound; bound *= 10) size++;
    const end = this.#at + size;
    let rest = value;
    // Whole 32-bit arithmetic as soon as it fits: several times as fast as division of doubles.
    let at = end;
    while (rest > 0x7fff_ffff) {
      const tenth = Math.floor(rest / 10);
      buffer[--at] = ZERO + (rest - tenth * 10);
      rest = tenth;
    }
    let small = rest | 0;
    while (at > this.#at) {
      const tenth = (small / 10) | 0;
      buffer[--at] = ZERO + (small - tenth * 10);
      small = tenth;
    }
    this.#at = end;
  }

  dottedIpv4(address: number): void {
    const buffer = this.#buffer;
    let at = this.#at;
    for (let shift = 24; shift >= 0; shift -= 8) {
      const octet = (address >>> shift) & 255;
      if (octet > 99) buffer[at++] = ZERO + ((octet / 100) | 0);
      if (octet > 9) buffer[at++] = ZERO + (((octet / 10) | 0) % 10);
      buffer[at++] = ZERO + (octet % 10);
      if (shift > 0) buffer[at++] = DOT;
    }
    this.#at = at;
  }

  /** A number below 16 as a hexadecimal digit. */
  digit(value: number): void {
    this.byte(DIGIT[value]!);
  }

  /** A byte as two hexadecimal digits. */
  octet(value: number): void {
    this.digit(value >> 4);
    this.digit(value & 15);
  }

  /** A 32-bit number as eight hexadecimal digits. */
  hex32(value: number): void {
    const buffer = this.#buffer;
    let at = this.#at;
    for (let shift = 28; shift >= 0; shift -= 4) buffer[at++] = DIGIT[(value >>> shift) & 15]!;
    this.#at = at;
  }

  /** The octets of `octets[start, end)` as `1a:02`. */
  colonHex(octets: Uint8Array, start = 0, end = octets.length): void {
    const buffer = this.#buffer;
    let at = this.#at;
    for (let i = start; i < end; i++) {
      const octet = octets[i]!;
      if (i > start) buffer[at++] = COLON;
      buffer[at++] = DIGIT[octet >> 4]!;
      buffer[at++] = DIGIT[octet & 15]!;
    }
    this.#at = at;
  }
}
