/** The parts of a lease that have no fixed length, packed into one block of a byte arena. */
import { ByteArena } from "./byte-arena.ts";
import type { Lease4 } from "./lease4.ts";

export type VariablePart = Pick<Lease4, "hwaddr" | "clientId" | "hostname" | "userContext">;

/**
 * A block is four lengths (seven bits a byte, low bits first), then hardware address, client id, host name and user
 * context. The length of the client id is one too high, so that zero says there is none. The lowest bit of the length
 * of a text says how it is written: 0 one byte a character, 1 UTF-16; every JavaScript string comes back as it was.
 */
export class LeaseBytes {
  readonly #arena = new ByteArena();
  // Where the parts are of the block turned to last. Fields and not an object, since this is the packet path.
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #hwaddr = 0;
  #clientId = 0;
  #hasClientId = false;
  #hostname = 0;
  #userContext = 0;
  #end = 0;
  #hostnameIsWide = false;
  #userContextIsWide = false;

  write(part: VariablePart): number {
    const ref = this.#arena.allocate(encodedLength(part));
    this.#encode(ref, part);
    return ref;
  }

  /** Replaces what a block holds. @returns where the block is now */
  rewrite(ref: number, part: VariablePart): number {
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
    const hwaddrLength = this.#readLength();
    const clientIdLength = this.#readLength();
    const hostnameLength = this.#readLength();
    const userContextLength = this.#readLength();
    this.#hwaddr = this.#at;
    this.#clientId = this.#hwaddr + hwaddrLength;
    this.#hasClientId = clientIdLength !== 0;
    this.#hostname = this.#hasClientId ? this.#clientId + clientIdLength - 1 : this.#clientId;
    this.#hostnameIsWide = (hostnameLength & 1) === 1;
    this.#userContext = this.#hostname + (hostnameLength >>> 1);
    this.#userContextIsWide = (userContextLength & 1) === 1;
    this.#end = this.#userContext + (userContextLength >>> 1);
    return this;
  }

  hasHwaddr(hwaddr: Uint8Array): boolean {
    return this.#holds(this.#hwaddr, this.#clientId, hwaddr);
  }

  hasClientId(clientId: Uint8Array | undefined): boolean {
    if (clientId === undefined || !this.#hasClientId) return clientId === undefined && !this.#hasClientId;
    return this.#holds(this.#clientId, this.#hostname, clientId);
  }

  has(part: VariablePart): boolean {
    return (
      this.hasHwaddr(part.hwaddr) &&
      this.hasClientId(part.clientId) &&
      this.#holdsText(this.#hostname, this.#userContext, this.#hostnameIsWide, part.hostname) &&
      this.#holdsText(this.#userContext, this.#end, this.#userContextIsWide, part.userContext)
    );
  }

  hwaddr(): Uint8Array {
    return this.#copy(this.#hwaddr, this.#clientId);
  }

  clientId(): Uint8Array | undefined {
    return this.#hasClientId ? this.#copy(this.#clientId, this.#hostname) : undefined;
  }

  hostname(): string {
    return this.#text(this.#hostname, this.#userContext, this.#hostnameIsWide);
  }

  userContext(): string {
    return this.#text(this.#userContext, this.#end, this.#userContextIsWide);
  }

  #encode(ref: number, part: VariablePart): void {
    this.#chunk = this.#arena.chunk(ref);
    this.#at = this.#arena.offset(ref);
    this.#writeLength(part.hwaddr.length);
    this.#writeLength(part.clientId === undefined ? 0 : part.clientId.length + 1);
    this.#writeLength(textLength(part.hostname));
    this.#writeLength(textLength(part.userContext));
    this.#writeBytes(part.hwaddr);
    if (part.clientId !== undefined) this.#writeBytes(part.clientId);
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
    this.#at += this.#chunk.write(text, this.#at, isWide(text) ? "utf16le" : "latin1");
  }

  #holds(from: number, to: number, bytes: Uint8Array): boolean {
    if (to - from !== bytes.length) return false;
    for (let i = 0; i < bytes.length; i++) if (this.#chunk[from + i] !== bytes[i]) return false;
    return true;
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

function encodedLength(part: VariablePart): number {
  const { hwaddr, clientId } = part;
  const hostname = textLength(part.hostname);
  const userContext = textLength(part.userContext);
  return (
    lengthLength(hwaddr.length) +
    hwaddr.length +
    lengthLength(clientId === undefined ? 0 : clientId.length + 1) +
    (clientId?.length ?? 0) +
    lengthLength(hostname) +
    (hostname >>> 1) +
    lengthLength(userContext) +
    (userContext >>> 1)
  );
}
