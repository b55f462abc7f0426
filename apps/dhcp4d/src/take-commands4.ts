/** The commands of dhcp4d, and what they work on. */
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import type { Answer } from "@kotare/core/control/answer";
import type { Command } from "@kotare/core/control/command";
import { CommandTable } from "@kotare/core/control/command-table";
import { dhcpCommands } from "@kotare/core/control/commands/daemon-commands";
import type { DhcpContext } from "@kotare/core/control/dhcp-context";
import type { ServerContext } from "@kotare/core/server/dhcp-server";
import type { ServerParts4 } from "./server4.ts";

export const commands4: readonly Command<DhcpContext>[] = dhcpCommands;

export function takeCommands4(
  server: ServerContext<Dhcp4Config>,
  { statistics, clock, log }: ServerParts4,
): (text: string) => Promise<Answer> {
  const context: DhcpContext = {
    ...server,
    family: 4,
    commandNames: commands4.map(({ name }) => name).sort(),
    statistics,
    now: () => clock.wall(),
  };
  const table = new CommandTable(commands4, context, log);
  return (text) => table.answer(text);
}
