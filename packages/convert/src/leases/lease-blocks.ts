/** Files of dhcpd's leases, one block at a time: they may have a million of them. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ReadReports } from "@kotare/core/daemon/offline/converter";
import type { Clause } from "../dhcpd/clause.ts";
import { OptionValueError, readOptionValue } from "../dhcpd/option-value.ts";
import { parseText } from "../dhcpd/parse-clauses.ts";
import { is, type Token } from "../dhcpd/token.ts";

/** Bytes that are read at a time. */
const PIECE = 4 * 1024 * 1024;

/** Blocks end with a brace at the beginning of a line; strings have no line breaks. */
export function* blocksOf(file: string, reports: Pick<ReadReports, "progress">): Generator<Clause> {
  const fd = openSync(file, "r");
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.allocUnsafe(PIECE);
    let rest = "";
    for (let read = 0, count = 1; count > 0; ) {
      count = readSync(fd, bytes, 0, PIECE, null);
      read += count;
      const text = rest + bytes.toString("latin1", 0, count);
      let start = 0;
      for (let close = text.indexOf("\n}"); close >= 0; close = text.indexOf("\n}", start)) {
        yield* parseText(text.slice(start, close + 2), file);
        start = close + 2;
        reports.progress(read - (text.length - start), size);
      }
      rest = text.slice(start);
    }
    yield* parseText(rest, file);
  } finally {
    closeSync(fd);
  }
}

/** The first statement of a block with these words at its beginning. */
export function find(block: readonly Clause[], ...words: readonly string[]): readonly Token[] | undefined {
  const found = block.findLast(({ head }) => words.every((word, i) => is(head[i], word)));
  return found?.head.slice(words.length);
}

/** The value of `set name = "…"`. */
export function variable(block: readonly Clause[], name: string): string {
  return find(block, "set", name, "=")?.[0]?.text ?? "";
}

/** The text of a statement such as `client-hostname "x"`. */
export function text(block: readonly Clause[], name: string): string {
  return find(block, name)?.[0]?.text ?? "";
}

/** An identifier: bytes with colons, or a text in quotes. */
export function octets(words: readonly Token[]): Uint8Array {
  try {
    return readOptionValue(words, "X", () => []).bytes;
  } catch (error) {
    if (error instanceof OptionValueError) return new Uint8Array();
    throw error;
  }
}

/**
 * `4 2011/09/22 20:27:28`, which is in UTC, `epoch 1316723248` or `never`.
 * @returns seconds since 1970; `Infinity` for never, `undefined` for no time
 */
export function time(block: readonly Clause[], name: string): number | undefined {
  const words = find(block, name);
  if (words === undefined) return undefined;
  if (is(words[0], "never")) return Number.POSITIVE_INFINITY;
  if (is(words[0], "epoch")) return Number(words[1]?.text);
  const [year, month, day, hour, minute, second] = words
    .slice(1)
    .flatMap(({ kind, text }) => (kind === "word" ? [Number(text)] : []));
  const milliseconds = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** What `time` reads. */
export function formatTime(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return "never";
  const date = new Date(1000 * seconds);
  const [day, clock] = date.toISOString().slice(0, 19).split("T");
  return `${date.getUTCDay()} ${day!.replaceAll("-", "/")} ${clock}`;
}

/** A text in quotes, with what is no letter as octal numbers. */
export function formatText(bytes: Uint8Array): string {
  let inside = "";
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    inside += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return `"${inside}"`;
}

/** The name that is kept in the DNS for it, or else what the client is called. */
export function namesIn(block: readonly Clause[]): {
  readonly hostname: string;
  readonly fqdnFwd: boolean;
  readonly fqdnRev: boolean;
} {
  const forward = variable(block, "ddns-fwd-name");
  const reverse = variable(block, "ddns-rev-name");
  const client = text(block, "client-hostname") || variable(block, "ddns-client-fqdn");
  const hostname = forward === "" ? client : forward.endsWith(".") ? forward : `${forward}.`;
  return { hostname: hostname.toLowerCase(), fqdnFwd: forward !== "", fqdnRev: reverse !== "" };
}

/** What `namesIn` reads. @param reverse the name that the DNS has for the address */
export function formatNames(
  { hostname, fqdnFwd, fqdnRev }: { readonly hostname: string; readonly fqdnFwd: boolean; readonly fqdnRev: boolean },
  reverse: string,
): string[] {
  const name = formatText(Buffer.from(hostname.replace(/\.$/, ""), "latin1"));
  return [
    ...(fqdnRev ? [`set ddns-rev-name = "${reverse}"`] : []),
    ...(fqdnFwd ? [`set ddns-fwd-name = ${name}`] : []),
    ...(hostname === "" || fqdnFwd ? [] : [`set ddns-client-fqdn = ${name}`]),
  ];
}
