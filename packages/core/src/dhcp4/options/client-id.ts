/** Option 61: who the client is (RFC 2132 §9.14), and the form it shares with DHCPv6 (RFC 4361). */
import { readU32 } from "../../base/big-endian.ts";
import { binary } from "../../wire/byte-types.ts";
import type { OptionType } from "../../wire/option-type.ts";

/** RFC 4361 §6.1: the type byte of an identifier made of an IAID and a DUID. */
const IAID_AND_DUID = 255;
/** RFC 8415 §11.1: two bytes of type and 1 to 128 of identifier. */
const MIN_DUID = 3;
const MAX_DUID = 130;

export interface IaidAndDuid {
  readonly iaid: number;
  /** Type bytes included. */
  readonly duid: Uint8Array;
}

/** The bytes as they came, type byte included; RFC 2132: at least two. */
export const clientIdentifier: OptionType<Uint8Array> = {
  ...binary,
  decode(reader) {
    const bytes = reader.rest();
    if (bytes.length < 2) reader.fail("client identifier", `has ${bytes.length} bytes, expected at least 2`);
    return bytes;
  },
};

/** Takes a client identifier apart if it is of RFC 4361's kind; `undefined` for all others, which are opaque. */
export function decodeIaidAndDuid(clientId: Uint8Array): IaidAndDuid | undefined {
  if (clientId[0] !== IAID_AND_DUID) return undefined;
  const duid = clientId.subarray(5);
  if (duid.length < MIN_DUID || duid.length > MAX_DUID) return undefined;
  return { iaid: readU32(clientId, 1), duid };
}
