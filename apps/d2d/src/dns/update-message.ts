/**
 * UPDATE messages (RFC 2136 §2). dns-packet writes them; a thin layer over it does what it cannot: the opcode, class
 * NONE, records without data, names with escapes, and names that are too long.
 */
import { writeU16 } from "@kotare/core/base/big-endian";
import { parseLabels, writeLabels } from "@kotare/core/wire/domain-name";
import { Writer } from "@kotare/core/wire/writer";
import { answer, encode, question } from "dns-packet";

/** RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 4701 §3.1. */
export const RecordType = { A: 1, PTR: 12, AAAA: 28, DHCID: 49, ANY: 255 } as const;
export type RecordType = keyof typeof RecordType;

/** RFC 2136 §1.3: what a record of a prerequisite or an update means hangs on its class. */
export type RecordClass = "IN" | "NONE" | "ANY";
const NONE = 254;

export interface UpdateRecord {
  /** RFC 1035 §5.1 text that ends in a dot. */
  readonly name: string;
  readonly type: RecordType;
  readonly class: RecordClass;
  readonly ttl: number;
  /** An address or a name as text, a DHCID as bytes; `undefined` for no data at all. */
  readonly data: string | Uint8Array | undefined;
}

export interface Update {
  readonly id: number;
  readonly zone: string;
  readonly prerequisites: readonly UpdateRecord[];
  readonly updates: readonly UpdateRecord[];
}

/** RFC 2136 §1.3. */
export const UPDATE = 5;
const OPCODE_SHIFT = 11;
const HEADER = 12;
/** RFC 1035 §2.3.4. */
const MAX_NAME = 255;
const PLAIN = /^(?:[!--/-[\]-~]{1,63}\.)+$/;
/** Behind the name: type, class, TTL, length. */
const CLASS_AT = 2;

/** @throws {TextError} for names that cannot be */
export function encodeUpdate({ id, zone, prerequisites, updates }: Update): Uint8Array {
  const section = { name: standIn(zone), type: "SOA", class: "IN" };
  const records = [...prerequisites, ...updates];
  const answers = records.map(toAnswer);
  const bytes = encode({
    type: "query",
    id,
    // `opcode` would be ignored.
    flags: UPDATE << OPCODE_SHIFT,
    questions: [section],
    answers: answers.slice(0, prerequisites.length),
    authorities: answers.slice(prerequisites.length),
    additionals: [],
  });
  putName(zone, section.name, bytes, HEADER);
  let at = HEADER + question.encodingLength(section);
  for (const [i, record] of records.entries()) {
    const { name } = answers[i]!;
    putName(record.name, name, bytes, at);
    if (record.class === "NONE") writeU16(bytes, at + wireLength(name) + CLASS_AT, NONE);
    at += answer.encodingLength(answers[i]!);
  }
  return bytes;
}

function toAnswer({ name, type, class: of, ttl, data }: UpdateRecord): Parameters<typeof answer.encodingLength>[0] {
  const owner = { name: standIn(name), class: of === "NONE" ? "ANY" : of, ttl };
  // Under its own name a type would be given data it does not have.
  if (data === undefined) return { type: `UNKNOWN_${RecordType[type]}`, data: Buffer.alloc(0), ...owner };
  if (typeof data !== "string") return { type, data: Buffer.from(data), ...owner };
  if (type === "PTR" && !isPlain(data)) return { type: `UNKNOWN_${RecordType.PTR}`, data: encodeName(data), ...owner };
  return { type, data, ...owner };
}

/** @throws {TextError} when it is no name */
export function encodeName(name: string): Buffer {
  const writer = new Writer();
  writeLabels(parseLabels(name), writer);
  return Buffer.from(writer.take());
}

/** dns-packet takes a backslash for itself, and characters as UTF-8: it gets a name of the same shape. */
function standIn(name: string): string {
  if (isPlain(name)) return name;
  return `${parseLabels(name)
    .map((label) => "x".repeat(label.length))
    .join(".")}.`;
}

/** What dns-packet writes as it must be, lengths included. */
function isPlain(name: string): boolean {
  return name.length < MAX_NAME && PLAIN.test(name);
}

/** Puts the name itself over its stand-in. */
function putName(name: string, written: string, bytes: Uint8Array, at: number): void {
  if (name !== written) bytes.set(encodeName(name), at);
}

/** Of a name without escapes that ends in a dot. */
function wireLength(name: string): number {
  return name === "." ? 1 : name.length + 1;
}
