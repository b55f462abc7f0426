/** Transaction signatures (RFC 8945): an UPDATE is signed, and its answer believed only when it is signed too. */
import { timingSafeEqual } from "node:crypto";
import { readU16, readU32, writeU16 } from "@kotare/core/base/big-endian";
import type { Seconds } from "@kotare/core/base/clock";
import { Writer } from "@kotare/core/wire/writer";
import type { Response, TsigRecord } from "../dns/response.ts";
import { encodeName } from "../dns/update-message.ts";
import { ALGORITHMS } from "./hmac.ts";
import type { TsigKey } from "./tsig-key.ts";

/** RFC 8945 §10: five minutes, as everybody has it. */
const FUDGE: Seconds = 300;
const TSIG = 250;
const ANY = 255;
const ARCOUNT_AT = 10;

/** RFC 8945 §3. */
const TsigError = { BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const;

export interface Signed {
  readonly message: Uint8Array;
  readonly mac: Uint8Array;
}

/** @param time wall time */
export function signMessage(message: Uint8Array, key: TsigKey, time: Seconds): Signed {
  const seconds = Math.floor(time);
  const variables = encodeVariables({ time: seconds, fudge: FUDGE, error: 0, other: new Uint8Array() }, key);
  const mac = key.sign([message, variables]).subarray(0, key.macLength);
  const record = encodeRecord(key, seconds, mac, readU16(message, 0));
  const signed = Buffer.concat([message, record]);
  writeU16(signed, ARCOUNT_AT, readU16(message, ARCOUNT_AT) + 1);
  return { message: signed, mac };
}

/** What an answer's signature says. */
export type Verdict =
  | { readonly kind: "genuine" }
  /** It may come from anybody: RFC 8945 §5.3.3 has us wait for another. `why` helps when no other comes. */
  | { readonly kind: "unproven"; readonly why: string }
  /** Signed with our key, and a refusal of our signature. */
  | { readonly kind: "refused"; readonly why: string };

/** @param request the signature of what is answered */
export function verifyResponse(
  bytes: Uint8Array,
  { tsig }: Response,
  request: Uint8Array,
  key: TsigKey,
  now: Seconds,
): Verdict {
  if (tsig === undefined) return unproven("the answer is not signed");
  if (tsig.mac.length === 0) return unproven(explainError(tsig, key, now));
  if (!isName(tsig.name, key.wireName)) return unproven(`the answer is signed with another key, ${tsig.name}`);
  if (!isName(tsig.algorithm, key.wireAlgorithm)) {
    return unproven(`the answer is signed with another algorithm, ${tsig.algorithm}`);
  }
  const { length } = ALGORITHMS[key.algorithm];
  // §5.2.2.1: less than we send is not enough, more than there can be is no signature.
  if (tsig.mac.length < key.macLength || tsig.mac.length > length) {
    return unproven(
      `the answer's signature has ${tsig.mac.length} bytes, expected ${key.macLength}: "digest-bits" of key ${key.name} ` +
        "is not what the server has",
    );
  }
  const mac = key.sign([prefixed(request), stripTsig(bytes, tsig), encodeVariables(tsig, key)]);
  if (!timingSafeEqual(mac.subarray(0, tsig.mac.length), tsig.mac)) {
    return unproven(`the answer's signature is wrong: it is forged, or the secret of key ${key.name} is another there`);
  }
  if (tsig.error !== 0) return { kind: "refused", why: explainError(tsig, key, now) };
  if (Math.abs(now - tsig.time) > tsig.fudge) return unproven(explainTime(tsig.time, now));
  return { kind: "genuine" };
}

function unproven(why: string): Verdict {
  return { kind: "unproven", why };
}

/** §3, in words that tell what to mend. Errors about the key or the signature come unsigned (§5.3.2). */
function explainError(tsig: TsigRecord, { name }: TsigKey, now: Seconds): string {
  switch (tsig.error) {
    case TsigError.BADKEY:
      return `BADKEY: the server knows no key ${name} for ${tsig.algorithm}; names and algorithms must be the same there`;
    case TsigError.BADSIG:
      return `BADSIG: the server has another secret for key ${name}`;
    case TsigError.BADTRUNC:
      return `BADTRUNC: the server wants longer signatures; raise "digest-bits" of key ${name}`;
    case TsigError.BADTIME:
      return explainTime(readOtherTime(tsig) ?? now, now);
    default:
      return `TSIG error ${tsig.error}`;
  }
}

function explainTime(theirs: Seconds, ours: Seconds): string {
  const ahead = Math.round(theirs - ours);
  const way = ahead < 0 ? "behind" : "ahead of";
  return `BADTIME: the server's clock is ${Math.abs(ahead)} seconds ${way} ours, more than the ${FUDGE} allowed; set the clocks`;
}

/** §5.2.3: with BADTIME comes the server's time. */
function readOtherTime({ other }: TsigRecord): Seconds | undefined {
  return other.length === 6 ? readU16(other, 0) * 2 ** 32 + readU32(other, 2) : undefined;
}

/** Names compare without case; decoded ones lack the last dot. */
function isName(decoded: string, wire: Uint8Array): boolean {
  try {
    return Buffer.from(encodeName(decoded.toLowerCase())).equals(wire);
  } catch {
    return false;
  }
}

/** §4.3.1: the request's signature goes before the answer. */
function prefixed(mac: Uint8Array): Uint8Array {
  return new Writer(2 + mac.length).u16(mac.length).bytes(mac).take();
}

/** §4.3.2: the message as it was before it was signed. */
function stripTsig(bytes: Uint8Array, tsig: TsigRecord): Uint8Array {
  const message = new Uint8Array(bytes.subarray(0, tsig.offset));
  writeU16(message, 0, tsig.originalId);
  writeU16(message, ARCOUNT_AT, readU16(message, ARCOUNT_AT) - 1);
  return message;
}

type Variables = Pick<TsigRecord, "time" | "fudge" | "error" | "other">;

/** §4.3.3. */
function encodeVariables({ time, fudge, error, other }: Variables, key: TsigKey): Uint8Array {
  const writer = new Writer().bytes(key.wireName).u16(ANY).u32(0).bytes(key.wireAlgorithm);
  writeTime(writer, time).u16(fudge).u16(error).u16(other.length).bytes(other);
  return writer.take();
}

/** §4.2. */
function encodeRecord(key: TsigKey, time: Seconds, mac: Uint8Array, id: number): Uint8Array {
  const data = new Writer().bytes(key.wireAlgorithm);
  writeTime(data, time).u16(FUDGE).u16(mac.length).bytes(mac).u16(id).u16(0).u16(0);
  return new Writer().bytes(key.wireName).u16(TSIG).u16(ANY).u32(0).u16(data.length).bytes(data.take()).take();
}

function writeTime(writer: Writer, time: Seconds): Writer {
  return writer.u16(Math.floor(time / 2 ** 32)).u32(time >>> 0);
}
