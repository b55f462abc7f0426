/** The operators of Kea's expressions on bytes. Each takes time in proportion to the bytes that it gets. */

import { readU32 } from "../base/big-endian.ts";
import { latin1 } from "../base/bytes.ts";
import { formatHex } from "../base/hex.ts";
import { formatIpv4 } from "../ip/ipv4.ts";
import { formatIpv6 } from "../ip/ipv6.ts";
import { EvaluationError, NO_BYTES } from "./expression.ts";

/** No packet has a value as long; nested operators could make one of many times its size. */
const MAX_VALUE = 262_144;

function checkLength(length: number): void {
  if (length > MAX_VALUE) throw new EvaluationError(`the value would have ${length} bytes, more than ${MAX_VALUE}`);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  checkLength(length);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param start counts from the end where it is negative
 * @param length `undefined`: all that follows; negative: what stands before `start`
 */
export function substring(value: Uint8Array, start: number, length: number | undefined): Uint8Array {
  const size = value.length;
  const from = start < 0 ? size + start : start;
  if (from < 0 || from >= size) return NO_BYTES;
  if (length === undefined) return value.subarray(from);
  if (length < 0) return value.subarray(Math.max(0, from + length), from);
  return value.subarray(from, from + length);
}

/** @param field counts from 1 */
export function split(value: Uint8Array, delimiters: Uint8Array, field: number): Uint8Array {
  const isDelimiter = new Uint8Array(256);
  for (const delimiter of delimiters) isDelimiter[delimiter] = 1;
  let start = 0;
  let left = field;
  for (let at = 0; at <= value.length; at++) {
    if (at < value.length && isDelimiter[value[at]!] === 0) continue;
    left -= 1;
    if (left === 0) return value.subarray(start, at);
    start = at + 1;
  }
  return NO_BYTES;
}

/** ASCII letters only. */
export function lowerCase(value: Uint8Array): Uint8Array {
  return value.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));
}

export function upperCase(value: Uint8Array): Uint8Array {
  return value.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte));
}

export function hexString(value: Uint8Array, separator: Uint8Array): Uint8Array {
  checkLength(value.length * (2 + separator.length));
  return Buffer.from(formatHex(value, latin1(separator)), "latin1");
}

/** Text of an address of 4 or 16 bytes; no bytes stay none. */
export function addressToText(value: Uint8Array): Uint8Array {
  if (value.length === 0) return NO_BYTES;
  if (value.length === 4) return Buffer.from(formatIpv4(readU32(value, 0)), "latin1");
  if (value.length === 16) return Buffer.from(formatIpv6(value), "latin1");
  throw new EvaluationError(`${value.length} bytes are no address: expected 4 or 16`);
}

/** `uint16totext` and its like; no bytes stay none. */
export function integerToText(size: 1 | 2 | 4, isSigned: boolean): (value: Uint8Array) => Uint8Array {
  return (value) => {
    if (value.length === 0) return NO_BYTES;
    if (value.length !== size) throw new EvaluationError(`${value.length} bytes are no integer of ${8 * size} bits`);
    const buffer = Buffer.from(value.buffer, value.byteOffset, size);
    const integer = isSigned ? buffer.readIntBE(0, size) : buffer.readUIntBE(0, size);
    return Buffer.from(String(integer), "latin1");
  };
}
