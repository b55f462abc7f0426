/** The value of an option in dhcpd's text: its bytes, and the fields that Kea's text has. */
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import { formatIpv6, parseIpv6 } from "@kotare/core/ip/ipv6";
import { is, type Token } from "./token.ts";

/** The addresses of a host's name; none where nobody knows it. */
export type Resolve = (name: string, family: 4 | 6) => readonly string[];

export interface OptionValue {
  readonly bytes: Uint8Array;
  /** As Kea writes them. */
  readonly fields: readonly string[];
}

/** A value that is none of its option's type. */
export class OptionValueError extends Error {
  readonly token: Token | undefined;

  constructor(message: string, token: Token | undefined) {
    super(message);
    this.token = token;
  }
}

/** @param format of `KnownOption` @throws {OptionValueError} */
export function readOptionValue(tokens: readonly Token[], format: string, resolve: Resolve): OptionValue {
  const reader = new ValueReader(tokens, resolve);
  const repeats = /[Aa]$/.test(format);
  const letters = repeats ? format.slice(0, -1) : format;
  if (/^Dc?$/.test(letters)) reader.list("d");
  else {
    reader.fields(letters);
    const again = format.endsWith("a") ? letters.slice(-1) : letters;
    while (repeats && !reader.isAtEnd) reader.fields(again);
  }
  reader.finish();
  return { bytes: Uint8Array.from(reader.bytes), fields: reader.texts };
}

const SIZES: Readonly<Record<string, number>> = { B: 1, S: 2, L: 4, T: 4, b: 1, s: 2, l: 4 };
const FLAGS: Readonly<Record<string, number>> = { true: 1, on: 1, yes: 1, false: 0, off: 0, no: 0, ignore: 2 };

class ValueReader {
  readonly #tokens: readonly Token[];
  readonly #resolve: Resolve;
  readonly bytes: number[] = [];
  readonly texts: string[] = [];
  #next = 0;

  constructor(tokens: readonly Token[], resolve: Resolve) {
    this.#tokens = tokens;
    this.#resolve = resolve;
  }

  get isAtEnd(): boolean {
    while (is(this.#tokens[this.#next], ",")) this.#next++;
    return this.#next >= this.#tokens.length;
  }

  finish(): void {
    if (!this.isAtEnd) throw this.#error("there is more than the option has fields");
  }

  list(letter: string): void {
    while (!this.isAtEnd) this.#field(letter);
  }

  fields(letters: string): void {
    for (const [i, letter] of [...letters].entries()) {
      const isOptional = letters[i + 1] === "o";
      if (letter === "o" || letter === "c" || (isOptional && this.isAtEnd)) continue;
      if (letter === "D") this.list("d");
      else this.#field(letter);
    }
  }

  #field(letter: string): void {
    if (letter !== "Z" && this.isAtEnd) throw this.#error("there is no value");
    switch (letter) {
      case "I":
      case "6":
        this.#addresses(letter === "I" ? 4 : 6);
        break;
      case "f": {
        const flag = FLAGS[this.#take().text.toLowerCase()];
        if (flag === undefined) throw this.#error("expected true or false", -1);
        this.#put([flag], flag === 1 ? "true" : "false");
        break;
      }
      case "t": {
        const text = this.#text();
        this.#put(Buffer.from(text, "latin1"), text.replaceAll(",", "\\,"));
        break;
      }
      case "X": {
        const bytes = this.#octets();
        this.#put(bytes, Buffer.from(bytes).toString("hex"));
        break;
      }
      case "d": {
        const name = this.#text().replace(/\.$/, "");
        this.#put(encodeName(name), name === "" ? "." : name);
        break;
      }
      case "Z":
        break;
      default:
        this.#number(letter);
    }
  }

  #put(bytes: ArrayLike<number>, text: string): void {
    this.bytes.push(...Array.from(bytes));
    this.texts.push(text);
  }

  #number(letter: string): void {
    const size = SIZES[letter];
    if (size === undefined) throw this.#error("the type of the option has no text");
    const isNegative = is(this.#tokens[this.#next], "-");
    if (isNegative) this.#next++;
    const { text } = this.#take();
    const magnitude = /^0[0-7]+$/.test(text)
      ? Number.parseInt(text, 8)
      : text === "infinite"
        ? 0xffff_ffff
        : Number(text);
    const value = isNegative ? -magnitude : magnitude;
    const range = 2 ** (8 * size);
    if (!Number.isInteger(value) || value < -range / 2 || value >= range) {
      throw this.#error(`expected a number of ${8 * size} bits`, -1);
    }
    const unsigned = value < 0 ? value + range : value;
    const signed = unsigned >= range / 2 ? unsigned - range : unsigned;
    const bytes = Array.from({ length: size }, (_, i) => Math.floor(unsigned / 2 ** (8 * (size - 1 - i))) & 255);
    this.#put(bytes, `${"bsl".includes(letter) ? signed : unsigned}`);
  }

  #addresses(family: 4 | 6): void {
    const first = this.#next;
    const text = this.#joined(family === 6 ? ".:" : ".");
    const literal = parseAddress(text, family);
    const found = literal === undefined ? this.#resolve(text, family) : [literal];
    if (found.length === 0) {
      this.#next = first;
      throw this.#error(`"${text}" is no address, and no name whose address can be had now`);
    }
    for (const address of found) {
      const bytes = family === 4 ? ipv4Bytes(parseIpv4(address)!) : parseIpv6(address)!;
      this.#put(bytes, address);
    }
  }

  #text(): string {
    const token = this.#tokens[this.#next];
    if (token?.kind !== "string") return this.#joined(".");
    this.#next++;
    return token.text;
  }

  #octets(): ArrayLike<number> {
    const token = this.#tokens[this.#next];
    if (token?.kind === "string") return Buffer.from(this.#take().text, "latin1");
    const text = this.#joined(":");
    const groups = text.split(":");
    if (!groups.every((group) => /^[0-9a-fA-F]{1,2}$/.test(group))) {
      throw this.#error("expected a text in quotes, or bytes such as 01:a2:b3", -1);
    }
    return groups.map((group) => Number.parseInt(group, 16));
  }

  /** Words and the marks between them, without a space. */
  #joined(marks: string): string {
    let text = this.#take().text;
    for (;;) {
      const [before, token] = [this.#tokens[this.#next - 1], this.#tokens[this.#next]];
      const isMark = (each: Token | undefined) => each?.kind === "mark" && marks.includes(each.text);
      if (token === undefined || token.kind === "string" || !(isMark(token) || isMark(before))) return text;
      // `10 . 1`: dhcpd does not mind, but a comma ends an address.
      text += this.#take().text;
    }
  }

  #take(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#error("there is no value");
    this.#next++;
    return token;
  }

  #error(message: string, offset = 0): OptionValueError {
    return new OptionValueError(message, this.#tokens[this.#next + offset] ?? this.#tokens.at(-1));
  }
}

/** An address in its usual form; `undefined` where the text is none. */
export function parseAddress(text: string, family: 4 | 6): string | undefined {
  if (family === 6) {
    const address = parseIpv6(text);
    return address && formatIpv6(address);
  }
  // dhcpd reads 010.1.2.3 as decimal numbers.
  const plain = text.replace(/\b0+(?=\d)/g, "");
  const address = parseIpv4(plain);
  return address === undefined ? undefined : formatIpv4(address);
}

function ipv4Bytes(address: number): number[] {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255];
}

/** RFC 1035 §3.1, without compression. */
export function encodeName(name: string): number[] {
  const labels = name === "" ? [] : name.split(".");
  return [...labels.flatMap((label) => [label.length & 63, ...Buffer.from(label, "latin1")]), 0];
}
