/** The reference page of all commands, made from their definitions. */

import type { Command, Example } from "./command.ts";
import { daemonCommands, dhcpCommands } from "./commands/daemon-commands.ts";
import { editCommands4, editCommands6 } from "./commands/edit-commands.ts";
import { leaseCommands4, leaseCommands6 } from "./commands/lease-commands.ts";
import { remoteCommands4, remoteCommands6 } from "./commands/remote-commands.ts";
import { reservationCommands4, reservationCommands6 } from "./commands/reservation-commands.ts";
import { describeArguments } from "./describe-arguments.ts";
import { formatJson, type Json } from "./kea-json.ts";

type Anything = Command<never>;

/** Which daemon has which. */
export const commandsOfDaemons: readonly (readonly [daemon: string, commands: readonly Anything[]])[] = [
  ["dhcp4d", [...dhcpCommands, ...editCommands4, ...leaseCommands4, ...reservationCommands4, ...remoteCommands4]],
  ["dhcp6d", [...dhcpCommands, ...editCommands6, ...leaseCommands6, ...reservationCommands6, ...remoteCommands6]],
  ["d2d", daemonCommands],
];

const INTRODUCTION = `# Commands

<!-- Made from the definitions in packages/core/src/control/commands; \`npx vitest run --project unit command-reference --update\` writes it anew. -->

Commands are JSON. They are sent to the sockets that \`control-socket\` or \`control-sockets\` name. A connection to a UNIX socket
carries one command. [HTTP and HTTPS](control-channels.md#commands-by-http) take commands by POST, and answer with a list:

\`\`\`json
{ "command": "lease4-get", "arguments": { "ip-address": "192.0.2.17" } }
\`\`\`

In a terminal, type \`dhcp4d call lease4-get ip-address=192.0.2.17\` instead: see [Commands](control-channels.md#commands). Kea's control
agent and its tools work with our daemons unchanged.

| \`result\` | meaning                                                             |
| -------- | ------------------------------------------------------------------- |
| 0        | done                                                                |
| 1        | an error; \`text\` says where, what, and what to do                   |
| 2        | there is no such command                                            |
| 3        | no error, but nothing was found, or there was nothing to do         |
| 4        | a valid command that conflicts with what is there                   |

The commands of Kea's libraries \`libdhcp_lease_cmds.so\`, \`libdhcp_stat_cmds.so\`, \`libdhcp_subnet_cmds.so\` and
\`libdhcp_class_cmds.so\` are built in and always available. \`hooks-libraries\` may name these libraries, at any path, but need not. Kea answers 2 if its configuration does not.
The commands that begin with \`remote-\`, which Kea has by a library that is not free, work on a
[configuration database](configuration-in-databases.md).
`;

interface Entry {
  readonly command: Anything;
  readonly daemons: string[];
}

function collect(): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const [daemon, commands] of commandsOfDaemons) {
    for (const command of commands) {
      const entry = entries.get(command.name) ?? { command, daemons: [] };
      entry.daemons.push(daemon);
      entries.set(command.name, entry);
    }
  }
  return [...entries.values()].sort((a, b) => (a.command.name < b.command.name ? -1 : 1));
}

export function writeCommandReference(): string {
  const entries = collect();
  const list = entries.map(({ command, daemons: has }) => {
    const which = has.length === commandsOfDaemons.length ? "all" : has.join(", ");
    return `| [${command.name}](#${command.name}) | ${which} | ${command.access} |`;
  });
  const sections = entries.map(({ command }) => writeSection(command));
  return [
    INTRODUCTION,
    "| command | daemons | access |\n| --- | --- | --- |",
    `${list.join("\n")}\n`,
    ...sections,
  ].join("\n");
}

function writeSection(command: Anything): string {
  return [
    `## ${command.name}\n`,
    `${command.summary}\n`,
    `${"takesConfig" in command ? "Its arguments are a configuration: `Dhcp4` or `Dhcp6`." : writeArguments(command)}\n`,
    ...command.examples.map((example) => writeExample(command.name, example)),
  ].join("\n");
}

function writeArguments(command: Anything): string {
  const rows = describeArguments(command).map((field) => {
    const need = field.isNeeded ? "needed" : field.default === "" ? "" : `\`${field.default}\``;
    return `| \`${field.name}\` | ${field.type} | ${need} | ${field.description} |`;
  });
  if (rows.length === 0) return "It has no arguments.";
  return ["| argument | type | default | |\n| --- | --- | --- | --- |", ...rows].join("\n");
}

function writeExample(command: string, { arguments: given, answer }: Example): string {
  const question: Json = { command, ...(given === undefined ? {} : { arguments: given }) };
  return `\`\`\`json\n${formatJson(question)}\n${formatJson(answer)}\n\`\`\`\n`.replaceAll(
    "\\u00e2\\u0080\\u00a6",
    "…",
  );
}
