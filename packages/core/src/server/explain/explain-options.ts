/** Which options a reply has, and where each of them comes from. */
import type { Section } from "../../control/explanation.ts";
import { formatOption } from "../../options/format-option.ts";
import type { OptionSpaces } from "../../options/option-spaces.ts";
import type { OptionLayer } from "../../options/scope-options.ts";
import type { EffectiveOption } from "../../subnets/options/effective-options.ts";

export interface SentOptions {
  /** In the reply, in its order. */
  readonly sent: readonly EffectiveOption[];
  /** The nearest first. */
  readonly layers: readonly OptionLayer[];
  /** Codes that the exchange itself has given, whatever is configured. */
  readonly own: ReadonlySet<number>;
  /** Where an option comes from that is neither `own` nor in a scope. */
  readonly elsewhere: string;
  /** Codes that the client asked for. */
  readonly asked: readonly number[];
  /** Codes that found no room. */
  readonly leftOut: readonly number[];
  /** Codes that extensions have changed. */
  readonly edited: ReadonlySet<number>;
}

export function explainOptions(options: SentOptions, spaces: OptionSpaces): Section {
  const { sent, asked, leftOut } = options;
  const there = new Set(sent.map(({ code }) => code));
  const missing = new Set([...asked, ...leftOut].filter((code) => !there.has(code)));
  return {
    title: "options",
    lines: [
      ...sent.map((option) => `${formatOption(option.code, option.payload, spaces)} <- ${originOf(option, options)}`),
      ...explainMissing(missing, options, spaces),
    ],
  };
}

/** What scopes have of an option, theirs or that of a vendor in it. */
function has({ set }: OptionLayer, code: number): boolean {
  return [...set.options.keys()].some((key) => key % 0x1_0000 === code);
}

function originOf({ code }: EffectiveOption, { layers, own, elsewhere, edited }: SentOptions): string {
  if (edited.has(code)) return "an extension";
  if (own.has(code)) return "the exchange itself";
  return layers.find((each) => has(each, code))?.name ?? elsewhere;
}

/** A line a reason. */
function explainMissing(missing: Iterable<number>, options: SentOptions, spaces: OptionSpaces): string[] {
  const byReason = new Map<string, string[]>();
  for (const code of missing) {
    const why = whyMissing(code, options);
    byReason.set(why, [...(byReason.get(why) ?? []), nameOf(code, spaces)]);
  }
  return [...byReason].map(([why, names]) => `not sent, since ${why}: ${names.join(", ")}`);
}

function whyMissing(code: number, { layers, leftOut, edited }: SentOptions): string {
  if (leftOut.includes(code)) return "there is no room";
  if (edited.has(code)) return "an extension takes it away";
  const never = layers.find(({ set }) => set.options.get(code)?.never === true);
  if (never !== undefined) return `${never.name} says never-send`;
  return layers.some((each) => has(each, code))
    ? "it has no value, or only the exchange itself could give it"
    : "no scope has it";
}

function nameOf(code: number, spaces: OptionSpaces): string {
  const definition = spaces.byCode(spaces.family.space, code);
  return definition === undefined ? String(code) : `${code} ${definition.name}`;
}
