/** `dhcp4d convert`: another server's configuration as ours. */
import { writeFileSync } from "node:fs";
import type { ConfigFamily } from "../config/config-family.ts";
import { formatFault } from "../config/fault.ts";
import { parseConfig } from "../config/load/load-config.ts";
import { configFiles } from "../daemon/config/config-files.ts";
import type { Daemon } from "../daemon/daemon.ts";
import { type ConvertedServer, type Converter, convertedServers } from "../daemon/offline/converter.ts";
import { parseSubCommand, type SubCommand, USAGE_EXIT } from "./sub-command.ts";

const ConvertExit = { usable: 0, failed: 1, lossy: 4, usage: USAGE_EXIT } as const;

const EPILOGUE = `The configuration goes to the standard output, and what is to be said of it to the standard error: a line for each statement that is not carried over exactly, with its file, line and column. "lost" is what the configuration does not do; "note" is what it does in another way. Names of hosts are looked up once, now.

Exit codes:
  0 the configuration can be used as it is
  1 the file cannot be read, or the result is no valid configuration
  4 something is lost: read what, and decide
  64 wrong arguments`;

interface Terminal {
  out(text: string): void;
  complain(text: string): void;
}

/** @param words behind `convert` @returns the exit code */
export async function convert<Config extends object>(
  words: readonly string[],
  { program, family }: { readonly program: Daemon<never>["program"]; readonly family: ConfigFamily<Config> },
  load: () => Promise<Converter>,
  terminal: Terminal,
): Promise<number> {
  const complain = (what: string) => terminal.complain(`${program.name} convert: ${what}\n`);
  const given = parseSubCommand(words, describeConvert(program));
  if (given.kind === "words" && given.isHelpAsked) {
    terminal.out(given.help);
    return ConvertExit.usable;
  }
  const [file, ...more] = given.kind === "words" ? given.words : [];
  if (given.kind === "wrong" || file === undefined || more.length > 0) {
    complain(`${given.kind === "wrong" ? given.what : "one FILE"}\nTry '${program.name} convert --help'.`);
    return ConvertExit.usage;
  }
  try {
    const { from, ddns: ddnsFile } = given.options as { readonly from: ConvertedServer; readonly ddns?: string };
    const { config, ddns, findings, losses } = await (await load()).convert(from, file);
    for (const finding of findings) terminal.complain(`${finding}\n`);
    const text = format(config);
    terminal.out(text);
    if (ddns !== undefined && ddnsFile !== undefined) writeFileSync(ddnsFile, format(ddns));
    const isKept = ddns === undefined || ddnsFile !== undefined;
    if (!isKept) complain("lost: the zones and keys are for d2d; give --ddns FILE to have its configuration written");
    const checked = parseConfig(family, { file: "the result", text }, configFiles);
    const errors = checked.faults.filter(({ severity }) => severity === "error");
    for (const fault of errors) terminal.complain(`${formatFault(fault)}\n`);
    if (errors.length > 0) return ConvertExit.failed;
    return losses > 0 || !isKept ? ConvertExit.lossy : ConvertExit.usable;
  } catch (error) {
    complain((error as Error).message);
    return ConvertExit.failed;
  }
}

function format(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function describeConvert(program: Daemon<never>["program"]): SubCommand {
  return {
    program: program.name,
    usage: `Makes a configuration for ${program.name} of another server's.\n\nUsage: $0 convert [--from SERVER] [--ddns FILE] FILE`,
    options: {
      from: {
        describe: "Whose configuration FILE is",
        type: "string",
        choices: convertedServers,
        requiresArg: true,
        default: "dhcpd",
      },
      ddns: { describe: "Where to write the configuration of d2d", type: "string", requiresArg: true },
    },
    examples: [
      [`$0 convert /etc/dhcp/dhcpd.conf > ${program.exampleConfig}`, "Move from ISC's dhcpd"],
      ["$0 convert --from dnsmasq /etc/dnsmasq.conf", "Move from dnsmasq"],
    ],
    epilogue: EPILOGUE,
  };
}
