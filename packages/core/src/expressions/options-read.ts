/** `option[…]`, `vendor[…]` and what else of a packet has options in it: which payload is meant, and how it is looked at. */
import { readU16 } from "../base/big-endian.ts";
import { DecodeError } from "../base/decode-error.ts";
import type { OptionDefinition } from "../options/option.ts";
import type { OptionFamily } from "../options/option-family.ts";
import type { VendorData } from "../options/vendor-space.ts";
import { string } from "../wire/byte-types.ts";
import { Reader } from "../wire/reader.ts";
import { NO_BYTES } from "./expression.ts";

/** An option of a packet, or one inside another. */
export interface OptionRead<S> {
  /** The payload; `undefined` when the packet has no such option. */
  read(subject: S): Uint8Array | undefined;
  readonly code: number;
  readonly definition: OptionDefinition | undefined;
}

/** Kea reads text without the NULs at its end (RFC 2132 §2); an option of text with nothing in it counts as absent. */
export function readOption<S>(
  read: OptionRead<S>["read"],
  code: number,
  definition: OptionDefinition | undefined,
): OptionRead<S> {
  if (definition?.type !== string) return { read, code, definition };
  return {
    read(subject) {
      const text = withoutNuls(read(subject) ?? NO_BYTES);
      return text.length === 0 ? undefined : text;
    },
    code,
    definition,
  };
}

export function bytesOf<S>({ read }: Pick<OptionRead<S>, "read">): (subject: S) => Uint8Array {
  return (subject) => read(subject) ?? NO_BYTES;
}

export function withoutNuls(payload: Uint8Array): Uint8Array {
  let end = payload.length;
  while (end > 0 && payload[end - 1] === 0) end -= 1;
  return end === payload.length ? payload : payload.subarray(0, end);
}

/** The option with this code in the payload of another. */
export function readInside<S>(
  { read, definition }: OptionRead<S>,
  code: number,
  family: OptionFamily,
): (subject: S) => Uint8Array | undefined {
  const contents = contentsOf(definition, family);
  return (subject) => {
    const payload = read(subject);
    return payload && contents && findSubOption(contents(payload), code, family.size);
  };
}

/** The part of a payload that is options; `undefined` for an option that holds none. */
function contentsOf(
  definition: OptionDefinition | undefined,
  family: OptionFamily,
): ((payload: Uint8Array) => Uint8Array) | undefined {
  if (definition === undefined) return undefined;
  if (definition === family.vendorOptions) {
    return (payload) => Buffer.concat(decodeVendors(payload, family).map(({ data }) => data));
  }
  if (definition.encapsulates === undefined) return undefined;
  const { type } = definition;
  return (payload) => {
    const reader = new Reader(payload);
    const value = unlessBroken(() => type.decode(reader));
    return value === BROKEN ? NO_BYTES : payload.subarray(reader.offset);
  };
}

/** The payload of an option of vendor classes or vendor options; nothing where it is broken. */
export function decodeVendors(payload: Uint8Array, family: OptionFamily): readonly VendorData[] {
  const vendors = unlessBroken(() => family.vendorOptions.type.decode(new Reader(payload)));
  return vendors === BROKEN ? [] : vendors;
}

/** What was found before a length that leads beyond the end counts. Several instances are one in DHCPv4 (RFC 3396 §7). */
export function findSubOption(payload: Uint8Array, code: number, size: 1 | 2): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (let at = 0; at + 2 * size <= payload.length; ) {
    const length = size === 1 ? payload[at + 1]! : readU16(payload, at + 2);
    const start = at + 2 * size;
    if (start + length > payload.length) break;
    if ((size === 1 ? payload[at]! : readU16(payload, at)) === code) {
      const data = payload.subarray(start, start + length);
      if (size === 2) return data;
      found = found === undefined ? data : Buffer.concat([found, data]);
    }
    at = start + length;
  }
  return found;
}

/** The nth of the texts that a vendor class consists of, each behind its length. */
export function findTuple(data: Uint8Array, index: number, size: 1 | 2): Uint8Array | undefined {
  let left = index;
  for (let at = 0; at + size <= data.length; left--) {
    const start = at + size;
    const end = start + (size === 1 ? data[at]! : readU16(data, at));
    if (end > data.length) return undefined;
    if (left === 0) return data.subarray(start, end);
    at = end;
  }
  return undefined;
}

const BROKEN = Symbol("broken");

function unlessBroken<T>(decode: () => T): T | typeof BROKEN {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return BROKEN;
    throw error;
  }
}
