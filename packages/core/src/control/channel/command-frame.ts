/**
 * Where a command ends. Kea's socket has neither a length nor a terminator: a command is over when its outermost bracket
 * closes, so its bytes are followed that far, in whatever pieces they come.
 */
import { latin1 } from "../../base/bytes.ts";
import { MAX_DEPTH } from "../../config/load/scan.ts";

/** Bytes of one command: a configuration of some 300,000 reservations. */
export const MAX_COMMAND = 64 * 1024 * 1024;

const Where = { value: 0, string: 1, escape: 2, slash: 3, lineComment: 4, blockComment: 5, star: 6 } as const;
type Where = (typeof Where)[keyof typeof Where];

export type Framed =
  | { readonly kind: "more" }
  /** One character a byte. What follows it is nobody's. */
  | { readonly kind: "whole"; readonly text: string }
  | { readonly kind: "bad"; readonly what: string };

const MORE: Framed = { kind: "more" };

export class CommandFrame {
  readonly #pieces: Buffer[] = [];
  #length = 0;
  #where: Where = Where.value;
  #depth = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** @param bytes are kept */
  push(bytes: Buffer): Framed {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      const what = this.#step(byte);
      if (what !== undefined) return { kind: "bad", what };
      if (this.#depth === 0 && this.#where === Where.value && (byte === 0x7d || byte === 0x5d)) {
        const text = latin1(bytes, 0, at + 1);
        this.#length += at + 1;
        // Most come in one piece.
        return { kind: "whole", text: this.#pieces.length === 0 ? text : latin1(Buffer.concat(this.#pieces)) + text };
      }
    }
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= MAX_COMMAND) return MORE;
    return { kind: "bad", what: `the command is longer than ${MAX_COMMAND} bytes` };
  }

  /** @returns what is wrong with the text from here on */
  #step(byte: number): string | undefined {
    switch (this.#where) {
      case Where.string:
        if (byte === 0x22) this.#where = Where.value;
        else if (byte === 0x5c) this.#where = Where.escape;
        return undefined;
      case Where.escape:
        this.#where = Where.string;
        return undefined;
      case Where.lineComment:
        if (byte === 0x0a) this.#where = Where.value;
        return undefined;
      case Where.blockComment:
        if (byte === 0x2a) this.#where = Where.star;
        return undefined;
      case Where.star:
        if (byte !== 0x2a) this.#where = byte === 0x2f ? Where.value : Where.blockComment;
        return undefined;
      case Where.slash:
        this.#where = byte === 0x2f ? Where.lineComment : byte === 0x2a ? Where.blockComment : Where.value;
        return this.#where === Where.value ? '"/" does not begin a comment' : undefined;
      default:
        return this.#stepValue(byte);
    }
  }

  #stepValue(byte: number): string | undefined {
    switch (byte) {
      case 0x7b:
      case 0x5b:
        this.#depth++;
        return this.#depth > MAX_DEPTH ? `brackets are nested more than ${MAX_DEPTH} deep` : undefined;
      case 0x7d:
      case 0x5d:
        if (this.#depth === 0) break;
        this.#depth--;
        return undefined;
      case 0x2f:
        this.#where = Where.slash;
        return undefined;
      case 0x23:
        this.#where = Where.lineComment;
        return undefined;
      case 0x22:
        if (this.#depth === 0) break;
        this.#where = Where.string;
        return undefined;
      case 0x20:
      case 0x09:
      case 0x0a:
      case 0x0d:
        return undefined;
      default:
        if (this.#depth > 0) return undefined;
    }
    return `invalid first character ${String.fromCharCode(byte)}`;
  }
}
