/** How the operator writes the identifier of a client in a reservation, and which lengths each type may have. */
import { parseHex } from "../base/hex.ts";

/** In Kea's own order of looking them up. */
export const IDENTIFIER_TYPES4 = ["hw-address", "duid", "circuit-id", "client-id", "flex-id"] as const;
export type IdentifierType4 = (typeof IDENTIFIER_TYPES4)[number];

/** Bytes, inclusive; Kea's own limits. */
export const IDENTIFIER_LENGTHS: Readonly<Record<IdentifierType4, { readonly min: number; readonly max: number }>> = {
  "hw-address": { min: 1, max: 20 },
  duid: { min: 3, max: 130 },
  "circuit-id": { min: 1, max: 128 },
  "client-id": { min: 1, max: 255 },
  "flex-id": { min: 1, max: 128 },
};

/** Groups of one or two digits with one kind of separator between them, or digits alone. */
const HEX = /^(?:[\da-f]{1,2}(?::[\da-f]{1,2})+|[\da-f]{1,2}(?: [\da-f]{1,2})+|(?:0x)?[\da-f]+)$/i;

/**
 * `1a:1b:1c`, `1a 1b 1c`, `1a1b1c`, `0x1a1b1c`, or text in single quotes: `'charter950'` is its own bytes.
 * @returns `undefined` when the text is none of these
 */
export function parseIdentifier(text: string): Uint8Array | undefined {
  const quoted = /^\s*'(.+)'\s*$/s.exec(text)?.[1];
  if (quoted !== undefined) return Uint8Array.from(Buffer.from(quoted, "latin1"));
  return HEX.test(text) && !text.startsWith("0X") ? parseHex(text) : undefined;
}

const PLAIN = /^[\da-f]{2}(?::[\da-f]{2})*$/;

/** One form for all ways of writing the same bytes: `1a:1b:1c`; `undefined` as above. Cheap where it is written so. */
export function canonicalIdentifier(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  const bytes = parseIdentifier(text);
  return (
    bytes &&
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString("hex")
      .replace(/..(?=.)/g, "$&:")
  );
}
