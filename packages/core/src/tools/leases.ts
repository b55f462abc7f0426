/** `dhcp4d leases`: moves leases to a file and from one, whatever the configuration keeps them in. */
import { systemClock } from "../base/clock.ts";
import { formatFault } from "../config/fault.ts";
import { loadConfig } from "../config/load/load-config.ts";
import { configFiles } from "../daemon/config/config-files.ts";
import type { ConfinedConfig } from "../daemon/config/confine-paths.ts";
import type { Daemon } from "../daemon/daemon.ts";
import { type ConvertedServer, convertedServers } from "../daemon/offline/converter.ts";
import type { LeaseMover } from "../daemon/offline/lease-mover.ts";
import { daemonPaths } from "../daemon/paths.ts";
import { LoggerTree } from "../log/logger-tree.ts";
import { ProgressLine } from "./progress-line.ts";
import { configOption, parseSubCommand, type SubCommand, USAGE_EXIT } from "./sub-command.ts";

const LeasesExit = { done: 0, failed: 1, kept: 4, usage: USAGE_EXIT } as const;

/** Each further lease that was not imported is counted only. */
const NAMED = 100;

const EPILOGUE = `FILE has Kea's rows, as a lease file. Leases may be moved from one kind of database to another, and a lease file, Kea's or ours, may be imported as it is once its daemon has stopped. Where the daemon serves with a lease file, it is asked by its control socket.

With --from FILE is another server's, such as /var/lib/dhcp/dhcpd.leases; with --to it is written for that server, so that a move can be undone.

An export is a whole file or none. An import that was interrupted is begun again and goes on. It never puts a lease over one that is newer, and removes none.

Exit codes:
  0 done; 1 an error
  4 done, but for leases that are newer where they are, or cannot be stored
  64 wrong arguments`;

export const leasesActions = ["export", "import"] as const;

export interface Terminal {
  out(text: string): void;
  complain(text: string): void;
  /** Of what `complain` writes to. */
  readonly isTerminal: boolean;
}

/** @param words behind `leases` @returns the exit code */
export async function leases<Config extends ConfinedConfig>(
  words: readonly string[],
  daemon: Pick<Daemon<Config>, "program" | "family" | "keaName">,
  mover: LeaseMover<Config>,
  terminal: Terminal,
): Promise<number> {
  const { name } = daemon.program;
  const complain = (what: string) => terminal.complain(`${name} leases: ${what}\n`);
  const given = parseSubCommand(words, describeLeases(daemon.program));
  if (given.kind === "words" && given.isHelpAsked) {
    terminal.out(given.help);
    return LeasesExit.done;
  }
  const [action, file, ...more] = given.kind === "words" ? given.words : [];
  if (given.kind === "wrong" || !isAction(action) || file === undefined || more.length > 0) {
    const what = given.kind === "wrong" ? given.what : "export or import, and one FILE";
    complain(`${what}\nTry '${name} leases --help'.`);
    return LeasesExit.usage;
  }
  const loaded = loadConfig(daemon.family, String(given.options["config"]), configFiles);
  if (loaded.kind === "refused") {
    for (const fault of loaded.faults) terminal.complain(`${formatFault(fault)}\n`);
    return LeasesExit.failed;
  }
  const paths = daemonPaths(process.env);
  const log = new LoggerTree({ program: daemon.keaName, logDirectory: paths.log, destination: "stderr" });
  const line = new ProgressLine({
    clock: systemClock,
    write: terminal.complain,
    isTerminal: terminal.isTerminal,
  });
  const server = given.options[action === "export" ? "to" : "from"] as ConvertedServer | undefined;
  const onProgress = (done: number, total: number, unit: string) => line.show(done, total, unit);
  const parts = { paths, log, server, onProgress };
  try {
    if (action === "export") {
      const count = await mover.export(loaded.config, file, parts);
      line.end();
      terminal.out(`${count} leases are in ${file}\n`);
      return LeasesExit.done;
    }
    let kept = 0;
    const { put, present, newer, refused } = await mover.import(loaded.config, file, {
      ...parts,
      onRemark(what) {
        if (kept++ >= NAMED) return;
        line.end();
        complain(what);
      },
      onKept(address, kind) {
        if (kept++ >= NAMED) return;
        line.end();
        complain(
          `${address}: ${kind === "newer" ? "what is there is newer or as new, and stays" : "cannot be stored"}`,
        );
      },
    });
    line.end();
    const left = [
      ...(newer > 0 ? [`${newer} stayed as they were: newer or as new`] : []),
      ...(refused > 0 ? [`${refused} cannot be stored`] : []),
    ];
    terminal.out(`${[`${put} leases were imported`, `${present} were there already`, ...left].join(", ")}\n`);
    return newer + refused > 0 ? LeasesExit.kept : LeasesExit.done;
  } catch (error) {
    line.end();
    complain((error as Error).message);
    return LeasesExit.failed;
  } finally {
    await log.close();
  }
}

function isAction(word: string | undefined): word is (typeof leasesActions)[number] {
  return leasesActions.some((action) => action === word);
}

function describeLeases(program: Daemon<never>["program"]): SubCommand {
  const file = "/root/leases.csv";
  return {
    program: program.name,
    usage: `Moves the leases of ${program.name}.\n\nUsage: $0 leases export [-c FILE] [--to SERVER] FILE\n   or: $0 leases import [-c FILE] [--from SERVER] FILE`,
    options: {
      config: configOption("The daemon's configuration: where its leases are is meant", program.exampleConfig),
      from: { describe: "Import: whose file it is", type: "string", choices: convertedServers, requiresArg: true },
      to: { describe: "Export: for which server", type: "string", choices: convertedServers, requiresArg: true },
    },
    examples: [
      [`$0 leases export ${file}`, "Write all leases to a new file"],
      [`$0 leases import -c new.conf ${file}`, "Put them where another configuration has its leases"],
      ["$0 leases import --from dhcpd /var/lib/dhcp/dhcpd.leases", "Take over those of ISC's dhcpd"],
    ],
    epilogue: EPILOGUE,
  };
}
