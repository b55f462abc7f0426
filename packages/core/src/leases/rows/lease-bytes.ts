/** The parts of a lease that have no fixed length, packed into one block of a byte arena. */

import type { Lease } from "../model/lease.ts";
import { FOLD, type Sought } from "../model/sought.ts";
import { ByteArena } from "./byte-arena.ts";

type Texts = Pick<Lease, "hostname" | "userContext">;

/** The client's two identifiers: hardware address and client id in DHCPv4, DUID and hardware address in DHCPv6. */
export interface ClientIdentifiers<Part> {
  first(part: Part): Uint8Array;
  second(part: Part): Uint8Array | undefined;
}

/**
 * A block is four lengths (seven bits a byte, low bits first), then the client's first and second identifier, host name and
 * user context. The length of the second identifier is one too high, so that zero says there is none. The lowest bit of the
 * length of a text says how it is written: 0 one byte a character, 1 UTF-16; every JavaScript string comes back as it
 * was.
 */
export class LeaseBytes<Part extends Texts> {
  readonly #identifiers: ClientIdentifiers<Part>;
  readonly #arena = new ByteArena();
  // Where the parts are of the block turned to last. Fields and not an object, since this is the packet path.
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #first = 0;
  #second = 0;
  #hasSecond = false;
  #hostname = 0;
  #userContext = 0;
  #end = 0;
  #hostnameIsWide = false;
  #userContextIsWide = false;

  constructor(identifiers: ClientIdentifiers<Part>) {
    this.#identifiers = identifiers;
  }

  write(part: Part): number {
    const ref = this.#arena.allocate(this.#encodedLength(part));
    this.#encode(ref, part);
    return ref;
  }

  /** Replaces what a block holds. @returns where the block is now */
  rewrite(ref: number, part: Part): number {
    this.release(ref);
    return this.write(part);
  }

  release(ref: number): void {
    this.#arena.release(ref, this.at(ref).#end - this.#arena.offset(ref));
  }

  /** Turns to a block: what follows is about the block that was turned to last. */
  at(ref: number): this {
    this.#chunk = this.#arena.chunk(ref);
    this.#at = this.#arena.offset(ref);
    const firstLength = this.#readLength();
    const secondLength = this.#readLength();
    const hostnameLength = this.#readLength();
    const userContextLength = this.#readLength();
    this.#first = this.#at;
    this.#second = this.#first + firstLength;
    this.#hasSecond = secondLength !== 0;
    this.#hostname = this.#hasSecond ? this.#second + secondLength - 1 : this.#second;
    this.#hostnameIsWide = (hostnameLength & 1) === 1;
    this.#userContext = this.#hostname + (hostnameLength >>> 1);
    this.#userContextIsWide = (userContextLength & 1) === 1;
    this.#end = this.#userContext + (userContextLength >>> 1);
    return this;
  }

  hasFirst(identifier: Uint8Array): boolean {
    return this.#holds(this.#first, this.#second, identifier);
  }

  hasSecond(identifier: Uint8Array | undefined): boolean {
    if (identifier === undefined || !this.#hasSecond) return identifier === undefined && !this.#hasSecond;
    return this.#holds(this.#second, this.#hostname, identifier);
  }

  has(part: Part): boolean {
    return (
      this.hasFirst(this.#identifiers.first(part)) &&
      this.hasSecond(this.#identifiers.second(part)) &&
      this.#holdsText(this.#hostname, this.#userContext, this.#hostnameIsWide, part.hostname) &&
      this.#holdsText(this.#userContext, this.#end, this.#userContextIsWide, part.userContext)
    );
  }

  /** `false` only where neither the name nor an identifier has it: of what is alike, such as `@` and a grave accent, it may be wrong. */
  mayHave({ name, hasName, identifier }: Sought): boolean {
    if (identifier !== undefined && this.#finds(identifier, 0, this.#first, this.#hostname)) return true;
    if (this.#hostnameIsWide) return hasName;
    return name !== undefined && this.#finds(name, FOLD, this.#hostname, this.#userContext);
  }

  first(): Uint8Array {
    return this.#copy(this.#first, this.#second);
  }

  second(): Uint8Array | undefined {
    return this.#hasSecond ? this.#copy(this.#second, this.#hostname) : undefined;
  }

  hostname(): string {
    return this.#text(this.#hostname, this.#userContext, this.#hostnameIsWide);
  }

  userContext(): string {
    return this.#text(this.#userContext, this.#end, this.#userContextIsWide);
  }

  #encodedLength(part: Part): number {
    const first = this.#identifiers.first(part).length;
    const second = this.#identifiers.second(part)?.length;
    const hostname = textLength(part.hostname);
    const userContext = textLength(part.userContext);
    return (
      lengthLength(first) +
      first +
      lengthLength(second === undefined ? 0 : second + 1) +
      (second ?? 0) +
      lengthLength(hostname) +
      (hostname >>> 1) +
      lengthLength(userContext) +
      (userContext >>> 1)
    );
  }

  #encode(ref: number, part: Part): void {
    this.#chunk = this.#arena.chunk(ref);
    this.#at = this.#arena.offset(ref);
    const first = this.#identifiers.first(part);
    const second = this.#identifiers.second(part);
    this.#writeLength(first.length);
    this.#writeLength(second === undefined ? 0 : second.length + 1);
    this.#writeLength(textLength(part.hostname));
    this.#writeLength(textLength(part.userContext));
    this.#writeBytes(first);
    if (second !== undefined) this.#writeBytes(second);
    this.#writeText(part.hostname);
    this.#writeText(part.userContext);
  }

  #readLength(): number {
    let byte = this.#chunk[this.#at++]!;
    let length = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = this.#chunk[this.#at++]!;
      length |= (byte & 0x7f) << shift;
    }
    return length;
  }

  #writeLength(length: number): void {
    let rest = length;
    for (; rest >= 0x80; rest >>>= 7) this.#chunk[this.#at++] = (rest & 0x7f) | 0x80;
    this.#chunk[this.#at++] = rest;
  }

  #writeBytes(bytes: Uint8Array): void {
    this.#chunk.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #writeText(text: string): void {
    if (isWide(text)) {
      this.#at += this.#chunk.write(text, this.#at, "utf16le");
      return;
    }
    // A call of `write` takes longer than an identifier does.
    for (let i = 0; i < text.length; i++) this.#chunk[this.#at++] = text.charCodeAt(i);
  }

  #holds(from: number, to: number, bytes: Uint8Array): boolean {
    if (to - from !== bytes.length) return false;
    for (let i = 0; i < bytes.length; i++) if (this.#chunk[from + i] !== bytes[i]) return false;
    return true;
  }

  /** @param fold set in each byte before it is compared */
  #finds(wanted: Uint8Array, fold: number, from: number, to: number): boolean {
    const chunk = this.#chunk;
    const first = wanted[0]!;
    for (let at = from; at <= to - wanted.length; at++) {
      if ((chunk[at]! | fold) !== first) continue;
      let length = 1;
      while (length < wanted.length && (chunk[at + length]! | fold) === wanted[length]) length++;
      if (length === wanted.length) return true;
    }
    return false;
  }

  #holdsText(from: number, to: number, wide: boolean, text: string): boolean {
    if (wide) return this.#text(from, to, wide) === text;
    if (to - from !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.#chunk[from + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #copy(from: number, to: number): Uint8Array {
    const copy = new Uint8Array(to - from);
    for (let i = 0; i < copy.length; i++) copy[i] = this.#chunk[from + i]!;
    return copy;
  }

  #text(from: number, to: number, wide: boolean): string {
    if (from === to) return "";
    return this.#chunk.toString(wide ? "utf16le" : "latin1", from, to);
  }
}

function isWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return true;
  return false;
}

/** The number that stands for the text's length in the block: its bytes, and how they are written. */
function textLength(text: string): number {
  return isWide(text) ? text.length * 4 + 1 : text.length * 2;
}

function lengthLength(length: number): number {
  return length < 0x80 ? 1 : 1 + lengthLength(length >>> 7);
}
