/** The words behind a sub-command, such as `dhcp4d call …`. Nothing here exits or prints. */
import yargs, { type Options } from "yargs";

/** As in sysexits(3), beside what a sub-command itself ends with. */
export const USAGE_EXIT = 64;

export interface SubCommand {
  /** The daemon. */
  readonly program: string;
  /** What it is for, and how it is called: `$0` is the daemon. */
  readonly usage: string;
  readonly options: Readonly<Record<string, Options>>;
  /** A call, and what it does. */
  readonly examples: readonly [call: string, what: string][];
  readonly epilogue: string;
  /** Whether options may be given more than once: those of one value then have several. */
  readonly repeats?: boolean;
}

export type SubCommandWords =
  | { readonly kind: "wrong"; readonly what: string }
  | {
      readonly kind: "words";
      /** Without the options. */
      readonly words: readonly string[];
      readonly options: Readonly<Record<string, unknown>>;
      readonly isHelpAsked: boolean;
      readonly help: string;
    };

/** `-c FILE`, Debian's file unless given. */
export function configOption(describe: string, usual: string): Options {
  return { alias: "c", describe, type: "string", requiresArg: true, default: usual };
}

/** @param words behind the sub-command's name */
export function parseSubCommand(words: readonly string[], sub: SubCommand): SubCommandWords {
  let fault: string | undefined;
  let help = "";
  const parser = yargs()
    .scriptName(sub.program)
    .version(false)
    .usage(sub.usage)
    .options(sub.options)
    .example(sub.examples)
    .epilogue(sub.epilogue)
    .help("help", "Print this text")
    .alias("help", "h")
    .strictOptions()
    .parserConfiguration({
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-positional-numbers": false,
      "duplicate-arguments-array": sub.repeats === true,
      "greedy-arrays": false,
    })
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(100);
  const given = parser.parse([...words], {}, (error: Error | undefined, _argv: unknown, output: string) => {
    fault = error?.message;
    help = output;
  }) as Readonly<Record<string, unknown>>;
  if (fault !== undefined) return { kind: "wrong", what: fault };
  return {
    kind: "words",
    words: given["_"] as readonly string[],
    options: given,
    isHelpAsked: given["help"] === true,
    help: `${help}\n`,
  };
}
