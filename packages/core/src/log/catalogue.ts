/**
 * Log messages as typed values: each has Kea's id, a severity, a text with named placeholders, and a paragraph for the
 * manual that says why it appears and what to do. A table of them is made once with `defineMessages`.
 */
import { formatHex } from "../base/hex.ts";
import { formatIpv4, type Ipv4 } from "../ip/ipv4.ts";
import { escapeControls } from "./escape.ts";
import { type LoggerName, loggerNames, rankOf, type Severity } from "./levels.ts";

/** What a placeholder takes: `{name}` plain, `{name:ipv4}`, `{name:hex}`, `{name:xid}`. */
interface Formats {
  readonly plain: string | number | boolean;
  readonly ipv4: Ipv4;
  /** Bytes as `1a:2b`; none or no bytes at all as `-`. */
  readonly hex: Uint8Array | undefined;
  /** A 32-bit number as `0x00001a2b`. */
  readonly xid: number;
}
type Value = Formats[keyof Formats];
export type Values = Readonly<Record<string, Value>>;

const render: { readonly [F in keyof Formats]: (value: Value) => string } = {
  // The only format that can bring anything but harmless characters.
  plain: (value) => (typeof value === "string" ? escapeControls(value) : String(value)),
  ipv4: (value) => formatIpv4(value as Ipv4),
  hex: (value) => (value === undefined || (value as Uint8Array).length === 0 ? "-" : formatHex(value as Uint8Array)),
  xid: (value) => `0x${(value as number).toString(16).padStart(8, "0")}`,
};

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
  /** `ID text`, with values in place and nothing in it that could break out of a line. */
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
    const message: Message<Arguments> = {
      id,
      logger,
      slot: loggerNames.indexOf(logger),
      rank: rankOf(draft.severity, draft.debugLevel),
      ...draft,
      format: compile(`${id} ${draft.text}`),
    };
    return [key, message] as const;
  });
  return Object.fromEntries(messages) as unknown as Messages<Drafts>;
}

/** A text is taken apart once: literal, value, literal, value, …, literal. */
function compile(text: string): (values?: Values) => string {
  const pieces = text.split(/\{([^{}]+)\}/);
  const first = pieces[0]!;
  const steps: { name: string; render: (value: Value) => string; behind: string }[] = [];
  for (let i = 1; i < pieces.length; i += 2) {
    const [name, format = "plain"] = pieces[i]!.split(":");
    steps.push({ name: name!, render: render[format as keyof Formats], behind: pieces[i + 1]! });
  }
  if (steps.length === 0) return () => first;
  return (values) => {
    let line = first;
    for (const step of steps) line += step.render(values![step.name]) + step.behind;
    return line;
  };
}
