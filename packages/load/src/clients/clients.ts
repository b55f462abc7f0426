/** Many clients that differ in their hardware address, and in a number in their names. */
import { writeU16, writeU32 } from "@kotare/core/base/big-endian";

export const MAC_LENGTH = 6;
const MARK = "#".charCodeAt(0);
const ZERO = "0".charCodeAt(0);

export class Clients {
  readonly count: number;
  readonly #high: number;
  readonly #low: number;
  readonly #mac = new Uint8Array(MAC_LENGTH);

  /** @param firstMac of client 0; the others count up from there */
  constructor(count: number, firstMac: Uint8Array) {
    const view = new DataView(firstMac.buffer, firstMac.byteOffset, MAC_LENGTH);
    this.count = count;
    this.#high = view.getUint16(0);
    this.#low = view.getUint32(2);
  }

  writeMac(client: number, buffer: Uint8Array, at: number): void {
    const low = this.#low + client;
    writeU16(buffer, at, low > 0xffff_ffff ? this.#high + 1 : this.#high);
    writeU32(buffer, at + 2, low);
  }

  hasMac(client: number, buffer: Uint8Array, at: number): boolean {
    this.writeMac(client, this.#mac, 0);
    for (let i = 0; i < MAC_LENGTH; i++) if (buffer[at + i] !== this.#mac[i]) return false;
    return true;
  }
}

/** Where the number of a client stands in a message: a run of `#` in a name. */
export interface NumberField {
  readonly at: number;
  readonly digits: number;
}

/** The first run of `#`; `undefined` when there is none. */
export function findNumber(bytes: Uint8Array, from: number, to: number): NumberField | undefined {
  const at = bytes.subarray(0, to).indexOf(MARK, from);
  if (at < 0) return undefined;
  let end = at;
  while (end < to && bytes[end] === MARK) end++;
  return { at, digits: end - at };
}

/** As many of the last digits as there is room for. */
export function writeNumber(client: number, buffer: Uint8Array, at: number, digits: number): void {
  for (let i = at + digits - 1, rest = client; i >= at; i--, rest = Math.floor(rest / 10)) {
    buffer[i] = ZERO + (rest % 10);
  }
}
