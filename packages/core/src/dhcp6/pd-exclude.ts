/** Option 67: the one longer prefix of a delegated prefix that stays on the delegating router's link (RFC 6603). */
import { DecodeError } from "../base/decode-error.ts";
import { type Ipv6Key, maskIpv6Key, readIpv6Key, toIpv6 } from "../ip/ipv6-key.ts";

export interface ExcludedPrefix {
  readonly address: Ipv6Key;
  readonly length: number;
}

/**
 * RFC 6603 §4.2: the length, then the excluded prefix's bits behind those of the delegated prefix, from the left.
 * @param delegatedLength shorter than that of the excluded prefix; the same payload serves all prefixes of a pool
 */
export function encodePdExclude(delegatedLength: number, excluded: ExcludedPrefix): Uint8Array {
  const address = toIpv6(maskIpv6Key(excluded.address, excluded.length));
  const payload = new Uint8Array(1 + Math.ceil((excluded.length - delegatedLength) / 8));
  payload[0] = excluded.length;
  const [byte, bit] = [delegatedLength >> 3, delegatedLength & 7];
  for (let i = 1; i < payload.length; i++) {
    const at = byte + i - 1;
    payload[i] = (address[at]! << bit) | ((address[at + 1] ?? 0) >> (8 - bit));
  }
  return payload;
}

/** @throws {DecodeError} when the excluded prefix is not longer than the delegated one, or its bits are not all there */
export function decodePdExclude(payload: Uint8Array, delegated: ExcludedPrefix, offset = 0): ExcludedPrefix {
  const length = payload[0] ?? 0;
  const fail = (what: string): never => {
    throw new DecodeError("option 67", offset, what);
  };
  if (length <= delegated.length || length > 128) {
    fail(`excludes a prefix of ${length} bits, expected ${delegated.length + 1} to 128`);
  }
  const bytes = Math.ceil((length - delegated.length) / 8);
  if (payload.length !== 1 + bytes) fail(`has ${payload.length} bytes, expected ${1 + bytes}`);
  const address = toIpv6(maskIpv6Key(delegated.address, delegated.length));
  const [byte, bit] = [delegated.length >> 3, delegated.length & 7];
  for (let i = 1; i < payload.length; i++) {
    const at = byte + i - 1;
    address[at]! |= payload[i]! >> bit;
    if (at < 15) address[at + 1]! |= payload[i]! << (8 - bit);
  }
  return { address: maskIpv6Key(readIpv6Key(address), length), length };
}
