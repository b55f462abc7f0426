/** The commands that extensions bring, as commands of the daemon. */
import type { Command as ExtensionCommand } from "@kotare/extension";
import { z } from "zod";
import type { Milliseconds } from "../../base/clock.ts";
import type { Answer } from "../../control/answer.ts";
import { type Command, defineCommand } from "../../control/command.ts";
import type { Logger } from "../../log/logger.ts";
import { extensionMessages } from "../messages.ts";
import type { RunningExtension } from "../running-extension.ts";
import type { Extensions } from "../start-extensions.ts";

/** Unless a command says that it is long. */
const PATIENCE: Milliseconds = 10_000;

/**
 * By their names. A name stands for one command: the daemon's own comes first, then that of the extension named first.
 * @param own those of the daemon
 */
export function commandsOf(
  extensions: Extensions,
  own: readonly { readonly name: string }[],
  log: Logger,
): ReadonlyMap<string, Command<unknown>> {
  const owners = new Map(own.map(({ name }) => [name, "the daemon"]));
  const commands = new Map<string, Command<unknown>>();
  for (const extension of extensions) {
    for (const command of extension.contributions.commands ?? []) {
      const owner = owners.get(command.name);
      if (owner !== undefined) {
        const hidden = { command: command.name, name: extension.name, owner };
        log.log(extensionMessages.EXTENSION_COMMAND_HIDDEN, hidden);
        continue;
      }
      owners.set(command.name, `extension ${extension.name}`);
      commands.set(command.name, commandOf(extension, command));
    }
  }
  return commands;
}

function commandOf(extension: RunningExtension, command: ExtensionCommand): Command<unknown> {
  const { name, access, longest = PATIENCE } = command;
  return defineCommand({
    name,
    access,
    summary: `Is the extension ${extension.name}'s.`,
    arguments: command.arguments ?? z.object({}),
    examples: [],
    async run(args) {
      const answer = await extension.ask(name, () => command.run(args as never), longest);
      return extension.call(name, () => checkAnswer(answer));
    },
  });
}

const CommandAnswer = z.object({
  result: z.literal([0, 1, 3, 4, 1001]),
  text: z.string().optional(),
  arguments: z.json().optional(),
});

function checkAnswer(answer: unknown): Answer {
  const { success, data } = CommandAnswer.safeParse(answer);
  if (!success) throw new TypeError("its answer is none: it has to be { result, text, arguments }");
  const { result, text, arguments: args } = data;
  return { result, ...(text === undefined ? {} : { text }), ...(args === undefined ? {} : { arguments: args }) };
}
