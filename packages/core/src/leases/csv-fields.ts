/** The fields of a lease file's rows as bytes: numbers, addresses, hexadecimal and Kea's escapes, without a string a row. */
export const COMMA = 0x2c;
export const NEWLINE = 0x0a;
const AMPERSAND = 0x26;
const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;

/** Value of a hexadecimal digit by its byte; 255 for any other byte. */
const NIBBLE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? 255 : value;
});
const DIGIT = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** Decimal digits only, at most `max`; -1 for anything else. */
export function parseDecimal(bytes: Uint8Array, start: number, end: number, max: number): number {
  if (start === end || end - start > 16) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= max ? value : -1;
}

/** Dotted decimal, each part at most 255 and without leading zeros; -1 for anything else. */
export function parseDottedIpv4(bytes: Uint8Array, start: number, end: number): number {
  let address = 0;
  let from = start;
  for (let part = 0; part < 4; part++) {
    let to = from;
    while (to < end && bytes[to] !== DOT) to++;
    const value = parseDecimal(bytes, from, to, 255);
    if (value < 0 || (to - from > 1 && bytes[from] === ZERO)) return -1;
    if (part < 3 ? to === end : to !== end) return -1;
    address = address * 256 + value;
    from = to + 1;
  }
  return address;
}

/**
 * Groups of one or two hexadecimal digits between colons, into `octets`.
 * @returns how many octets; -1 when it is something else or `octets` is too short.
 */
export function parseColonHex(bytes: Uint8Array, start: number, end: number, octets: Uint8Array): number {
  if (start === end) return 0;
  let count = 0;
  for (let at = start; ; at++) {
    const high = at < end ? NIBBLE[bytes[at]!]! : 255;
    if (high === 255 || count === octets.length) return -1;
    const low = at + 1 < end ? NIBBLE[bytes[at + 1]!]! : 255;
    if (low === 255) octets[count++] = high;
    else {
      octets[count++] = (high << 4) | low;
      at++;
    }
    at++;
    if (at === end) return count;
    if (bytes[at] !== COLON) return -1;
  }
}

/** Text whose `&#xNN` stand for bytes; an ampersand that begins no such escape is itself. One character a byte. */
export function parseEscaped(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return "";
  const text = latin1Slice.call(bytes, start, end);
  if (!includesByte(bytes, start, end, AMPERSAND, AMPERSAND)) return text;
  return text.replace(/&#x([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The same in lower case, as Kea does to the host names it loads; bytes above 0x7f stay as they are. */
export function parseEscapedLowerCase(bytes: Uint8Array, start: number, end: number): string {
  const text = parseEscaped(bytes, start, end);
  const mayHaveCapitals =
    includesByte(bytes, start, end, 0x41, 0x5a) || includesByte(bytes, start, end, AMPERSAND, AMPERSAND);
  if (!mayHaveCapitals) return text;
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

// Works on any byte array and, unlike `Buffer.from(…)`, makes no object but the string.
const latin1Slice: (this: Uint8Array, start: number, end: number) => string = Buffer.prototype.latin1Slice;

function includesByte(bytes: Uint8Array, start: number, end: number, lowest: number, highest: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= lowest && byte <= highest) return true;
  }
  return false;
}

/** Writes rows into one buffer that grows and is used again. */
export class RowWriter {
  #buffer: Uint8Array;
  #at = 0;

  constructor(capacity: number) {
    this.#buffer = new Uint8Array(capacity);
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

  /** Makes room: the field methods below do not look. A number takes 16 bytes at most, an address 15. */
  reserve(count: number): void {
    if (this.#at + count <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#buffer.length, this.#at + count));
    grown.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = grown;
  }

  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
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
    this.decimal(address >>> 24);
    this.byte(DOT);
    this.decimal((address >>> 16) & 255);
    this.byte(DOT);
    this.decimal((address >>> 8) & 255);
    this.byte(DOT);
    this.decimal(address & 255);
  }

  colonHex(octets: Uint8Array): void {
    const buffer = this.#buffer;
    let at = this.#at;
    for (let i = 0; i < octets.length; i++) {
      const octet = octets[i]!;
      if (i > 0) buffer[at++] = COLON;
      buffer[at++] = DIGIT[octet >> 4]!;
      buffer[at++] = DIGIT[octet & 15]!;
    }
    this.#at = at;
  }

  /**
   * Text with one character a byte, or UTF-8 when it cannot be that. Commas and ampersands become `&#x2c` and `&#x26`, as in Kea 2.6; so do control
   * characters, which would break the row and which every version of Kea reads back.
   */
  escaped(text: string): void {
    const start = this.#at;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0xff) {
        this.#at = start;
        this.escaped(Buffer.from(text).toString("latin1"));
        return;
      }
      if (code === COMMA || code === AMPERSAND || code < 0x20) {
        this.byte(AMPERSAND);
        this.byte(0x23);
        this.byte(0x78);
        this.byte(DIGIT[code >> 4]!);
        this.byte(DIGIT[code & 15]!);
      } else {
        this.byte(code);
      }
    }
  }
}
