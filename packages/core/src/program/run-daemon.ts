/** The whole of a daemon, from its command line to its exit code. */
import { thisSystem } from "@kotare/netio/systems/this-system";
import { PlainError } from "../base/plain-error.ts";
import { formatFault } from "../config/fault.ts";
import { loadConfig } from "../config/load/load-config.ts";
import { checkHttpFiles } from "../control/http/http-settings.ts";
import { flagsOf, parseArguments } from "../daemon/arguments.ts";
import { configFiles } from "../daemon/config/config-files.ts";
import type { ConfinedConfig } from "../daemon/config/confine-paths.ts";
import type { Daemon } from "../daemon/daemon.ts";
import { ExitCode } from "../daemon/exit-code.ts";
import { traceOf } from "../daemon/guard-process.ts";
import { goesByKeaName } from "../daemon/kea-name.ts";
import { Life, type Serve } from "../daemon/life.ts";
import { daemonPaths } from "../daemon/paths.ts";
import { describeVersion, type Version } from "../daemon/version.ts";
import { LoggerTree } from "../log/logger-tree.ts";
import { call } from "../tools/call/call.ts";
import { writeCompletion } from "../tools/call/completion.ts";
import { askSecret } from "../tools/call/read-secret.ts";
import { convert } from "../tools/convert.ts";
import { db, dbActions } from "../tools/db.ts";
import { explain } from "../tools/explain/explain.ts";
import { leases, leasesActions } from "../tools/leases.ts";

/** The whole program; the process ends by itself some time after this resolves. */
export async function runDaemon<Config extends ConfinedConfig>(daemon: Daemon<Config>): Promise<void> {
  const words = process.argv.slice(2);
  const isKea = goesByKeaName(daemon.keaName);
  // `ps` and tools that look for a process find this name.
  if (isKea) thisSystem.takeProcessName(daemon.keaName);
  const version = describeVersion(daemon, isKea);
  const run = subCommandsOf(daemon).get(words[0] ?? "")?.run;
  if (run !== undefined) {
    endWithTerminal();
    process.exitCode = await run(words.slice(1));
    return;
  }
  const given = parseArguments(words, {
    ...daemon.program,
    version: version.lines,
    databases: daemon.databases !== undefined,
  });
  switch (given.kind) {
    case "exit":
      (given.code === ExitCode.ok ? process.stdout : process.stderr).write(given.text);
      process.exitCode = given.code;
      break;
    case "report":
      process.stdout.write(given.of === "version" ? version.extended : version.build);
      break;
    case "check":
      endWithTerminal();
      process.exitCode = check(daemon, given.config, given.deep);
      break;
    case "serve":
      // As Kea, which serves nothing of a faulty file.
      await serve(daemon, { ...given, strict: given.strict || isKea }, version);
      break;
  }
}

/** A daemon outlives the terminal that it was started from, and what somebody waits for there does not. */
function endWithTerminal(): void {
  process.removeAllListeners("SIGHUP");
}

interface RunnableSubCommand {
  /** What may follow its name. */
  readonly words: readonly string[];
  /** @returns what the process ends with */
  readonly run: (words: readonly string[]) => number | Promise<number>;
}

function subCommandsOf<Config extends ConfinedConfig>(daemon: Daemon<Config>): Map<string, RunnableSubCommand> {
  const { program, commands, databases, explainer, leaseMover, converter } = daemon;
  const terminal = {
    out: (text: string | Uint8Array) => process.stdout.write(text),
    complain: (text: string) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
  };
  const subCommands = new Map<string, RunnableSubCommand>();
  subCommands.set("call", {
    words: commands.map(({ name }) => name).sort(),
    run: (words) => call(words, { program, commands, paths: daemonPaths(process.env), askSecret, ...terminal }),
  });
  if (databases !== undefined) {
    subCommands.set("db", { words: dbActions, run: (words) => db(words, daemon, terminal) });
  }
  if (leaseMover !== undefined) {
    subCommands.set("leases", { words: leasesActions, run: (words) => leases(words, daemon, leaseMover, terminal) });
  }
  if (converter !== undefined) {
    subCommands.set("convert", { words: [], run: (words) => convert(words, daemon, converter, terminal) });
  }
  if (explainer !== undefined) {
    const paths = daemonPaths(process.env);
    subCommands.set("explain", {
      words: [],
      run: (words) => explain(words, daemon, explainer, { ...terminal, paths }),
    });
  }
  subCommands.set("completion", {
    words: [],
    run() {
      const following = new Map([...subCommands].map(([name, { words }]) => [name, words]));
      const first = { flags: flagsOf(program.ports), subCommands: following };
      terminal.out(writeCompletion(program.name, first, commands));
      return ExitCode.ok;
    },
  });
  return subCommands;
}

/** `-t`: everything that is wrong, and a word when nothing is. `-T` also looks at what the file needs of this host. */
function check<Config extends ConfinedConfig>(daemon: Daemon<Config>, file: string, isDeep: boolean): ExitCode {
  const loaded = loadConfig(daemon.family, file, configFiles);
  for (const fault of loaded.faults) process.stderr.write(`${formatFault(fault)}\n`);
  if (loaded.kind === "refused") return ExitCode.failure;
  const { config } = loaded;
  const missing = isDeep
    ? [...daemon.checkSurroundings(config, daemonPaths(process.env)), ...checkHttpFiles(config["control-sockets"])]
    : [];
  for (const what of missing) process.stderr.write(`${what}\n`);
  if (missing.length > 0) return ExitCode.failure;
  process.stdout.write(`${file} is a valid configuration\n`);
  return ExitCode.ok;
}

async function serve<Config extends ConfinedConfig>(
  daemon: Daemon<Config>,
  request: Serve,
  version: Version,
): Promise<void> {
  thisSystem.takeShortSlices();
  const paths = daemonPaths(process.env);
  const log = new LoggerTree({
    program: daemon.keaName,
    logDirectory: paths.log,
    verbose: request.verbose,
    ...(process.env["KEA_LOGGER_DESTINATION"] ? { destination: process.env["KEA_LOGGER_DESTINATION"] } : {}),
  });
  try {
    await new Life(daemon, request, version, paths, log).run();
  } catch (error) {
    log.log(daemon.messages.INIT_FAIL, { program: daemon.program.name, error: traceOf(error) });
    await log.close();
    // What had been opened by then would keep the process alive, and deaf.
    process.exit(error instanceof PlainError && error.isInUse ? ExitCode.inUse : ExitCode.failure);
  }
  await log.close();
}
