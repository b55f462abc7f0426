/** The commands of d2d, and what they work on. */

import type { Answer } from "@kotare/core/control/answer";
import type { Command } from "@kotare/core/control/command";
import { CommandTable } from "@kotare/core/control/command-table";
import { daemonCommands } from "@kotare/core/control/commands/daemon-commands";
import type { DaemonContext } from "@kotare/core/control/daemon-context";
import type { Logger } from "@kotare/core/log/logger";

export const commands: readonly Command<DaemonContext>[] = daemonCommands;

export function takeCommands(
  context: Omit<DaemonContext, "commandNames">,
  log: Logger,
): (text: string) => Promise<Answer> {
  const commandNames = commands.map(({ name }) => name).sort();
  const table = new CommandTable(commands, { ...context, commandNames }, log);
  return (text) => table.answer(text);
}
