/** Names of clients, which may be partial: without the root label at the end (RFC 4702 §2.3.1, RFC 4704 §4.2). */
import { formatLabels, parseLabels, readLabels, writeLabels } from "./domain-name.ts";
import { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/**
 * A name in RFC 1035 text that ends in a dot when it is fully qualified; `""` when there are no bytes.
 * @param offset of `bytes` in the message, for errors
 * @throws {DecodeError} when the bytes are not one name
 */
export function decodePartialName(bytes: Uint8Array, offset: number): string {
  if (bytes.length === 0) return "";
  const partial = isPartial(bytes);
  const reader = new Reader(partial ? Buffer.concat([bytes, Uint8Array.of(0)]) : bytes, "FQDN", offset);
  const name = formatLabels(readLabels(reader));
  reader.finish("domain name");
  return partial ? name.slice(0, -1) : name;
}

function isPartial(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
  return at === bytes.length;
}

export function writePartialName(name: string, writer: Writer): void {
  if (name === "") return;
  const labels = parseLabels(name);
  if (isQualified(name)) writeLabels(labels, writer);
  else for (const label of labels) writer.u8(label.length).bytes(label);
}

/** Whether a name in RFC 1035 text ends in a dot that is no part of a label. */
export function isQualified(name: string): boolean {
  return /(^|[^\\])(\\\\)*\.$/.test(name);
}

/** Flags in Kea's line about an option of a client's name. @param bits of flags, by their letters */
export function keaFlags(flags: number, bits: Readonly<Record<string, number>>): string {
  return Object.entries(bits)
    .map(([letter, bit]) => `${letter}=${(flags & bit) === 0 ? 0 : 1}`)
    .join(", ");
}

/** The name in that line. */
export function keaName(name: string): string {
  return `domain-name='${name.toLowerCase()}' (${name === "" || isQualified(name) ? "full" : "partial"})`;
}
