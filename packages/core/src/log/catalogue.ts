/**
 * Log messages as typed values: each has Kea's id, a severity, a text with named placeholders, and a paragraph for the
 * manual that says why it appears and what to do. A table of them is made once with `defineMessages`.
 */
import type { Ipv4 } from "../ip/ipv4.ts";
import { type Ipv6Key, writeIpv6Text } from "../ip/ipv6-key.ts";
import { TextWriter } from "../ip/text-writer.ts";
import { writeEscaped } from "./escape.ts";
import { type LoggerName, loggerNames, rankOf, type Severity } from "./levels.ts";

/** What a placeholder takes: `{name}` plain, or `{name:format}` with one of the other formats. */
interface Formats {
  readonly plain: string | number | boolean;
  /** Text in UTF-8 for many lines, with nothing in it that could break out of them. */
  readonly label: Uint8Array;
  readonly ipv4: Ipv4;
  readonly ipv6: Ipv6Key;
  /** `2001:db8::1`, or `2001:db8::/56` when the length is less than 128. */
  readonly prefix: { readonly address: Ipv6Key; readonly length: number };
  /** `, host X`, or nothing for no name. */
  readonly host: string | undefined;
  /** Bytes as `1a:2b`; none or no bytes at all as `-`. */
  readonly hex: Uint8Array | undefined;
  /** A 32-bit number as `0x00001a2b`. */
  readonly xid: number;
}
type Value = Formats[keyof Formats];
export type Values = Readonly<Record<string, Value>>;

/** Lines are made of bytes at once: as strings they cost the garbage collector more than all the rest of logging. */
type WriteValue<V = Value> = (line: TextWriter, value: V) => void;

const HYPHEN = 0x2d;
const SLASH = 0x2f;
const HEX = Buffer.from("0x");
const HOST = Buffer.from(", host ");

const writers: { readonly [F in keyof Formats]: WriteValue<Formats[F]> } = {
  // The only format that can bring anything but harmless characters.
  plain: (line, value) => {
    if (typeof value === "string") writeEscaped(line, value);
    else if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) line.decimal(value);
    else line.utf8(String(value));
  },
  label: (line, value) => line.copy(value),
  ipv4: (line, value) => line.dottedIpv4(value),
  ipv6: (line, value) => {
    line.reserve(MAX_IPV6);
    writeIpv6Text(value, line);
  },
  prefix: (line, { address, length }) => {
    line.reserve(MAX_IPV6 + MAX_LENGTH);
    writeIpv6Text(address, line);
    if (length === 128) return;
    line.byte(SLASH);
    line.decimal(length);
  },
  host: (line, value) => {
    if (value === undefined || value === "") return;
    line.copy(HOST);
    writeEscaped(line, value);
  },
  hex: (line, value) => {
    if (value === undefined || value.length === 0) {
      line.byte(HYPHEN);
      return;
    }
    line.reserve(3 * value.length);
    line.colonHex(value);
  },
  xid: (line, value) => {
    line.copy(HEX);
    line.hex32(value);
  },
};
/** Bytes that any value may take without looking; what may take more reserves them. */
const ROOM = 32;
const MAX_IPV6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff".length;
const MAX_LENGTH = "/127".length;

/** The arguments that a text asks for; an unknown format makes the argument impossible to give. */
type ArgumentsOf<Text extends string> = Text extends `${string}{${infer Placeholder}}${infer Rest}`
  ? (Placeholder extends `${infer Name}:${infer Format}`
      ? { readonly [K in Name]: Format extends keyof Formats ? Formats[Format] : never }
      : { readonly [K in Placeholder]: Formats["plain"] }) &
      ArgumentsOf<Rest>
  : unknown;
type Flat<T> = { readonly [K in keyof T]: T[K] };
type ArgumentList<Text extends string> = unknown extends ArgumentsOf<Text> ? [] : [values: Flat<ArgumentsOf<Text>>];

/** Everything about a message but its arguments. */
export interface MessageHead {
  readonly id: string;
  readonly logger: LoggerName;
  /** Position of `logger` in `loggerNames`. */
  readonly slot: number;
  readonly severity: Severity;
  readonly debugLevel: number;
  /** `rankOf` severity and debug level. */
  readonly rank: number;
  readonly text: string;
  readonly doc: string;
}

/** `[]`, or one object with the values of the placeholders. */
export type Arguments = [values?: Values];

export interface Message<A extends Arguments> extends MessageHead {
  /** Appends `ID text`, with values in place and nothing in it that could break out of a line. */
  write(line: TextWriter, ...values: A): void;
  /** The same as a string. */
  format(...values: A): string;
}

interface Draft<Text extends string> {
  readonly severity: Severity;
  readonly debugLevel: number;
  readonly text: Text;
  readonly doc: string;
}

function draftOf(severity: Severity) {
  return <Text extends string>(text: Text, doc: string): Draft<Text> => ({ severity, debugLevel: 0, text, doc });
}

export const fatal = draftOf("FATAL");
export const error = draftOf("ERROR");
export const warn = draftOf("WARN");
export const info = draftOf("INFO");

/** @param debugLevel one of `DebugLevel` */
export function debug<Text extends string>(debugLevel: number, text: Text, doc: string): Draft<Text> {
  return { severity: "DEBUG", debugLevel, text, doc };
}

type Messages<Drafts> = {
  readonly [Id in keyof Drafts]: Drafts[Id] extends Draft<infer Text>
    ? ArgumentList<Text> extends infer A extends Arguments
      ? Message<A>
      : never
    : never;
};

const defined = new Map<string, MessageHead>();

/** All messages of the modules that have been loaded, in the order of their ids: for the manual. */
export function definedMessages(): readonly MessageHead[] {
  return [...defined.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Makes the messages of one logger: the keys of `drafts` are the ids.
 * @param prefix what each id begins with, where several daemons say the same: `DHCP4_`
 */
export function defineMessages<const Drafts extends Readonly<Record<string, Draft<string>>>>(
  logger: LoggerName,
  drafts: Drafts,
  prefix = "",
): Messages<Drafts> {
  const messages = Object.entries(drafts).map(([key, draft]) => {
    const id = prefix + key;
    const write = compile(`${id} ${draft.text}`);
    const message: Message<Arguments> = {
      id,
      logger,
      slot: loggerNames.indexOf(logger),
      rank: rankOf(draft.severity, draft.debugLevel),
      ...draft,
      write,
      format: (values) => {
        const line = new TextWriter(256);
        write(line, values);
        return line.toString();
      },
    };
    defined.set(id, message);
    return [key, message] as const;
  });
  return Object.fromEntries(messages) as unknown as Messages<Drafts>;
}

/** A text is taken apart once: literal, value, literal, value, …, literal. */
function compile(text: string): (line: TextWriter, values?: Values) => void {
  const pieces = text.split(/\{([^{}]+)\}/);
  const first = Buffer.from(pieces[0]!);
  const steps: { name: string; write: WriteValue; behind: Uint8Array }[] = [];
  for (let i = 1; i < pieces.length; i += 2) {
    const [name, format = "plain"] = pieces[i]!.split(":");
    const write = writers[format as keyof Formats] as WriteValue;
    steps.push({ name: name!, write, behind: Buffer.from(pieces[i + 1]!) });
  }
  return (line, values) => {
    line.copy(first);
    for (const { name, write, behind } of steps) {
      line.reserve(ROOM);
      write(line, values![name]!);
      line.copy(behind);
    }
  };
}
