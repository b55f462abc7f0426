/** Answers of DNS servers: their header, and where their TSIG record stands. Everything else is passed over. */
import { readU16, readU32 } from "@kotare/core/base/big-endian";
import { DecodeError } from "@kotare/core/base/decode-error";
import { Reader } from "@kotare/core/wire/reader";
import { name } from "dns-packet";
import { UPDATE } from "./update-message.ts";

/** RFC 1035 §4.1.1, RFC 2136 §2.2. */
export const Rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
} as const;

const RCODE_NAMES = Object.fromEntries(Object.entries(Rcode).map(([text, code]) => [code, text]));

export function rcodeName(rcode: number): string {
  return RCODE_NAMES[rcode] ?? `RCODE${rcode}`;
}

export interface Response {
  readonly id: number;
  readonly rcode: number;
  /** Cut off: what it says must be asked for over TCP. */
  readonly isTruncated: boolean;
  /** The last record of the message, if that is a TSIG: where it begins and what is in it. */
  readonly tsig: TsigRecord | undefined;
}

/** RFC 8945 §4.2. */
export interface TsigRecord {
  readonly offset: number;
  /** As it is in the message, without the last dot. */
  readonly name: string;
  readonly algorithm: string;
  /** Seconds. */
  readonly time: number;
  readonly fudge: number;
  readonly mac: Uint8Array;
  readonly originalId: number;
  readonly error: number;
  readonly other: Uint8Array;
}

const HEADER = 12;
const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;
const TSIG = 250;
const ANY = 255;

/** @throws {DecodeError} when it is no answer to an UPDATE */
export function decodeResponse(bytes: Uint8Array): Response {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (message.length < HEADER) throw new DecodeError("header", 0, `needs ${HEADER} bytes, ${message.length} are there`);
  const flags = readU16(message, 2);
  if ((flags & RESPONSE) === 0) throw new DecodeError("QR", 2, "is a question, not an answer");
  const opcode = (flags >> 11) & 15;
  if (opcode !== UPDATE) throw new DecodeError("opcode", 2, `is ${opcode}, expected ${UPDATE}`);
  const isTruncated = (flags & TRUNCATED) !== 0;
  const [zones, records] = [readU16(message, 4), readU16(message, 6) + readU16(message, 8) + readU16(message, 10)];
  let at = HEADER;
  for (let i = 0; i < zones; i++) at = skip(message, skipName(message, at), 4);
  let tsig: TsigRecord | undefined;
  for (let i = 0; i < records && !isTruncated; i++) {
    const record = readRecord(message, at);
    if (record.type === TSIG && i < records - 1) throw new DecodeError("TSIG", at, "is not the last record");
    if (record.type === TSIG) tsig = readTsig(message, at, record.data);
    at = record.end;
  }
  if (!isTruncated && at !== message.length) {
    throw new DecodeError("message", at, `has ${message.length - at} bytes too many`);
  }
  return { id: readU16(message, 0), rcode: flags & 15, isTruncated, tsig };
}

interface RawRecord {
  readonly type: number;
  readonly data: number;
  readonly end: number;
}

/** Empty data is usual in prerequisites, which a server may repeat: nothing looks inside. */
function readRecord(message: Buffer, at: number): RawRecord {
  const head = skipName(message, at);
  const data = skip(message, head, 10);
  return { type: readU16(message, head), data, end: skip(message, data, readU16(message, head + 8)) };
}

function skip(message: Buffer, at: number, count: number): number {
  if (at + count > message.length) throw new DecodeError("record", at, `is cut off: ${count} bytes are missing`);
  return at + count;
}

function skipName(message: Buffer, at: number): number {
  readName(message, at);
  return at + name.decode.bytes;
}

function readName(message: Buffer, at: number): string {
  try {
    return name.decode(message, at);
  } catch (error) {
    throw new DecodeError("name", at, error instanceof Error ? error.message : String(error));
  }
}

function readTsig(message: Buffer, offset: number, data: number): TsigRecord {
  // §4.2; behind the type. The signature is not over what they are, but over what they must be.
  if (readU16(message, data - 8) !== ANY || readU32(message, data - 6) !== 0) {
    throw new DecodeError("TSIG", data - 8, "is not of class ANY with a TTL of 0");
  }
  const length = readU16(message, data - 2);
  const algorithm = readName(message, data);
  const start = data + name.decode.bytes;
  if (start > data + length) throw new DecodeError("TSIG", data, "is shorter than its algorithm's name");
  const reader = new Reader(message.subarray(start, data + length), "TSIG", start);
  const record = {
    offset,
    name: readName(message, offset),
    algorithm,
    time: reader.u16("time") * 2 ** 32 + reader.u32("time"),
    fudge: reader.u16("fudge"),
    mac: reader.bytes(reader.u16("MAC size"), "MAC"),
    originalId: reader.u16("original id"),
    error: reader.u16("error"),
    other: reader.bytes(reader.u16("other length"), "other data"),
  };
  reader.finish("data");
  return record;
}
