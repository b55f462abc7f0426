/** What a command is. From it follow the list of commands, the errors for wrong arguments, and the reference page. */
import type { z } from "zod";
import { formatFault, type Pointer } from "../config/fault.ts";
import { entryAt } from "../config/load/cuts.ts";
import { explainIssue } from "../config/load/explain-issue.ts";
import type { Access } from "./access.ts";
import { type Answer, failed } from "./answer.ts";
import type { Json } from "./kea-json.ts";
import type { ReceivedConfig } from "./received-config.ts";

export interface Example {
  readonly arguments?: Json;
  readonly answer: Json;
}

interface Description {
  /** As Kea spells it. */
  readonly name: string;
  /** Whether it changes anything. */
  readonly access: Access;
  /** What it does, in sentences, for the reference page. */
  readonly summary: string;
  /** At least one. */
  readonly examples: readonly Example[];
}

type Answered = Answer | Promise<Answer>;

/** @typeParam Context what it works on */
export interface ArgumentsCommand<Context> extends Description {
  /** A map of arguments, each with its description. As in Kea, arguments that are not known do nothing. */
  readonly arguments: z.ZodObject;
  call(args: unknown, context: Context): Answered;
}

/** Its one argument is a whole configuration, which has been read and checked beside service. */
export interface ConfigCommand<Context> extends Description {
  readonly takesConfig: true;
  run(config: ReceivedConfig, context: Context): Answered;
}

export type Command<Context> = ArgumentsCommand<Context> | ConfigCommand<Context>;

/**
 * Arguments that do not fit are answered with all that is wrong, and `run` never sees them. A command that takes none
 * has whatever it is given, as Kea's have: there are clients that send `"arguments": null` with every command.
 */
export function defineCommand<Context, Arguments extends z.ZodObject>(
  command: Description & {
    readonly arguments: Arguments;
    /** @param given the arguments without defaults, as they came */
    run(args: z.output<Arguments>, context: Context, given: unknown): Answered;
  },
): ArgumentsCommand<Context> {
  return {
    ...command,
    call(given = {}, context) {
      const args = Object.keys(command.arguments.shape).length === 0 ? {} : given;
      const parsed = command.arguments.safeParse(args);
      if (parsed.success) return command.run(parsed.data, context, args);
      const faults = parsed.error.issues.flatMap((issue) =>
        explainIssue(command.arguments, issue, entryAt(args, issue.path as Pointer)),
      );
      return failed(
        faults.map((fault) => formatFault({ ...fault, pointer: ["arguments", ...fault.pointer] })).join("; "),
      );
    },
  };
}
