/** The commands of d2d, and what they work on. */

import type { Command } from "@kotare/core/control/command";
import { type Commands, CommandTable } from "@kotare/core/control/command-table";
import { daemonCommands } from "@kotare/core/control/commands/daemon-commands";
import type { DaemonContext } from "@kotare/core/control/daemon-context";
import type { Logger } from "@kotare/core/log/logger";

export const commands: readonly Command<DaemonContext>[] = daemonCommands;

export function takeCommands(context: Omit<DaemonContext, "commandNames">, log: Logger): Commands {
  const commandNames = commands.map(({ name }) => name).sort();
  return new CommandTable(commands, { ...context, commandNames: () => commandNames }, log);
}
