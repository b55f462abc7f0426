/** IA_NA and IA_PD: what a client holds, wants or is given (RFC 8415 §21.4, §21.6, §21.21, §21.22). */
import { readU16, readU32 } from "../base/big-endian.ts";
import { DecodeError } from "../base/decode-error.ts";
import { type Ipv6Key, maskIpv6Key, readIpv6Key } from "../ip/ipv6-key.ts";
import { decodeStatus6, type Status6 } from "./option-index6.ts";
import { checkOption6, Option6 } from "./option6.ts";

/** The option that an association is: addresses or prefixes. */
export type IaCode = typeof Option6.iaNa | typeof Option6.iaPd;

export interface IdentityAssociation {
  readonly code: IaCode;
  readonly iaid: number;
  /** Seconds; 0 when left to the other side. */
  readonly t1: number;
  readonly t2: number;
  readonly leases: readonly IaLease[];
  readonly status: Status6 | undefined;
}

/** An address or a prefix in an association, with what its lifetimes are or shall be. */
export interface IaLease {
  /** Bits beyond `length` are zero. */
  readonly address: Ipv6Key;
  /** Of the prefix; 128 for an address. */
  readonly length: number;
  /** Seconds; 0xffffffff is for ever. */
  readonly preferred: number;
  readonly valid: number;
  readonly status: Status6 | undefined;
  /** Payload of option 67 (RFC 6603), which only servers send. */
  readonly exclude: Uint8Array | undefined;
}

/** What errors inside an association begin with. */
const WITHIN = { [Option6.iaNa]: `option ${Option6.iaNa} `, [Option6.iaPd]: `option ${Option6.iaPd} ` };

/** Bytes before the sub-options: of an association, of an address in it, of a prefix in it. */
export const IA_SIZE = 12;
export const IA_ADDRESS_SIZE = 24;
export const IA_PREFIX_SIZE = 25;

/**
 * The association whose payload is `bytes[at…at+length-1]`. Sub-options that do not belong there are ignored.
 * @throws {DecodeError} when a length is wrong, or a prefix is longer than 128 bits
 */
export function decodeIa(bytes: Uint8Array, code: IaCode, at: number, length: number): IdentityAssociation {
  if (length < IA_SIZE)
    throw new DecodeError(`option ${code}`, at, `has ${length} bytes, expected at least ${IA_SIZE}`);
  const end = at + length;
  const within = WITHIN[code];
  const member = code === Option6.iaNa ? Option6.iaAddress : Option6.iaPrefix;
  const leases: IaLease[] = [];
  let status: Status6 | undefined;
  for (let next = at + IA_SIZE; next < end; ) {
    const payload = checkOption6(bytes, next, end, within);
    const after = payload + readU16(bytes, next + 2);
    const found = readU16(bytes, next);
    if (found === member) leases.push(decodeIaLease(bytes, code, payload, after));
    else if (found === Option6.statusCode) status ??= decodeStatus6(bytes.subarray(payload, after), payload, within);
    next = after;
  }
  return { code, iaid: readU32(bytes, at), t1: readU32(bytes, at + 4), t2: readU32(bytes, at + 8), leases, status };
}

/** The address of an IA_NA, or the prefix of an IA_PD, whose payload is `bytes[at…end-1]`. @throws {DecodeError} as `decodeIa` */
export function decodeIaLease(bytes: Uint8Array, code: IaCode, at: number, end: number): IaLease {
  const isAddress = code === Option6.iaNa;
  const size = isAddress ? IA_ADDRESS_SIZE : IA_PREFIX_SIZE;
  const within = `option ${code}.${isAddress ? Option6.iaAddress : Option6.iaPrefix}`;
  if (end - at < size) throw new DecodeError(within, at, `has ${end - at} bytes, expected at least ${size}`);
  const length = isAddress ? 128 : bytes[at + 8]!;
  if (length > 128) throw new DecodeError(`${within} prefix length`, at + 8, `is ${length}, expected at most 128`);
  let status: Status6 | undefined;
  let exclude: Uint8Array | undefined;
  for (let next = at + size; next < end; ) {
    const payload = checkOption6(bytes, next, end, `${within} `);
    const after = payload + readU16(bytes, next + 2);
    const found = readU16(bytes, next);
    if (found === Option6.statusCode) status ??= decodeStatus6(bytes.subarray(payload, after), payload, `${within} `);
    else if (found === Option6.pdExclude) exclude ??= bytes.subarray(payload, after);
    next = after;
  }
  const times = isAddress ? at + 16 : at;
  return {
    address: isAddress ? readIpv6Key(bytes, at) : maskIpv6Key(readIpv6Key(bytes, at + 9), length),
    length,
    preferred: readU32(bytes, times),
    valid: readU32(bytes, times + 4),
    status,
    exclude,
  };
}
