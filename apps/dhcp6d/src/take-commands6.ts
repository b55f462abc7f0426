/** The commands of dhcp6d, and what they work on. */
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import type { Answer } from "@kotare/core/control/answer";
import type { Command } from "@kotare/core/control/command";
import { CommandTable } from "@kotare/core/control/command-table";
import { dhcpCommands } from "@kotare/core/control/commands/daemon-commands";
import type { DhcpContext } from "@kotare/core/control/dhcp-context";
import type { ServerContext } from "@kotare/core/server/dhcp-server";
import type { ServerParts6 } from "./server6.ts";

export const commands6: readonly Command<DhcpContext>[] = dhcpCommands;

export function takeCommands6(
  server: ServerContext<Dhcp6Config>,
  { statistics, clock, log }: ServerParts6,
): (text: string) => Promise<Answer> {
  const context: DhcpContext = {
    ...server,
    family: 6,
    commandNames: commands6.map(({ name }) => name).sort(),
    statistics,
    now: () => clock.wall(),
  };
  const table = new CommandTable(commands6, context, log);
  return (text) => table.answer(text);
}
