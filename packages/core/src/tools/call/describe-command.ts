/** What `call COMMAND --help` says. */
import type { Command } from "../../control/command.ts";
import { describeArguments } from "../../control/describe-arguments.ts";
import { formatJson } from "../../control/kea-json.ts";

export function describeCommand(program: string, command: Command<never>): string {
  const fields = describeArguments(command);
  const width = Math.max(0, ...fields.map(({ name }) => name.length));
  const lines = fields.map(({ name, type, isNeeded, default: usual, description }) => {
    const need = isNeeded ? "; needed" : usual === "" ? "" : `; ${usual} unless given`;
    return `  ${name.padEnd(width)}  ${description} (${type}${need})`;
  });
  const [example] = command.examples;
  return [
    `${program} call ${command.name}`,
    "",
    command.summary,
    "",
    ...("takesConfig" in command ? ["Arguments: a configuration, as @FILE"] : lines),
    ...(example === undefined
      ? []
      : ["", `Arguments: ${formatJson(example.arguments ?? {})}`, `Answer: ${formatJson(example.answer)}`]),
    "",
  ].join("\n");
}
