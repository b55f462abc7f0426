/** The whole of a daemon, from its command line to its exit code. */
import { formatFault } from "../config/fault.ts";
import { loadConfig } from "../config/load-config.ts";
import { writeCompletion } from "../control/call/completion.ts";
import { LoggerTree } from "../log/logger-tree.ts";
import { parseArguments } from "./arguments.ts";
import { call } from "./call.ts";
import { configFiles } from "./config-files.ts";
import type { ConfinedConfig } from "./confine-paths.ts";
import type { Daemon } from "./daemon.ts";
import { db } from "./db.ts";
import { ExitCode } from "./exit-code.ts";
import { traceOf } from "./guard-process.ts";
import { leases } from "./leases.ts";
import { Life, type Serve } from "./life.ts";
import { daemonPaths } from "./paths.ts";
import { describeBuild, VERSION } from "./version.ts";

/** The whole program; the process ends by itself some time after this resolves. */
export async function runDaemon<Config extends ConfinedConfig>(daemon: Daemon<Config>): Promise<void> {
  const { name } = daemon.program;
  const words = process.argv.slice(2);
  if (words[0] === "call") {
    process.exitCode = await callDaemon(daemon, words.slice(1));
    return;
  }
  if (words[0] === "db" && daemon.databases !== undefined) {
    process.exitCode = await db(words.slice(1), daemon, {
      out: (text) => process.stdout.write(text),
      complain: (text) => process.stderr.write(text),
    });
    return;
  }
  if (words[0] === "leases" && daemon.leaseMover !== undefined) {
    process.exitCode = await leases(words.slice(1), daemon, daemon.leaseMover, {
      out: (text) => process.stdout.write(text),
      complain: (text) => process.stderr.write(text),
      isTerminal: process.stderr.isTTY,
    });
    return;
  }
  if (words[0] === "completion") {
    process.stdout.write(writeCompletion(name, daemon.commands));
    return;
  }
  const given = parseArguments(words, {
    ...daemon.program,
    version: VERSION,
    databases: daemon.databases !== undefined,
  });
  switch (given.kind) {
    case "exit":
      (given.code === ExitCode.ok ? process.stdout : process.stderr).write(given.text);
      process.exitCode = given.code;
      break;
    case "report":
      process.stdout.write(given.of === "version" ? `${VERSION}\n${describeBuild(daemon)}` : describeBuild(daemon));
      break;
    case "check":
      process.exitCode = check(daemon, given.config, given.deep);
      break;
    case "serve":
      await serve(daemon, given);
      break;
  }
}

function callDaemon<Config extends ConfinedConfig>(
  { program, commands }: Daemon<Config>,
  words: readonly string[],
): Promise<number> {
  return call(words, {
    program,
    commands,
    paths: daemonPaths(process.env),
    out: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
  });
}

/** `-t`: everything that is wrong, and a word when nothing is. `-T` also looks at what the file needs of this host. */
function check<Config extends ConfinedConfig>(daemon: Daemon<Config>, file: string, isDeep: boolean): ExitCode {
  const loaded = loadConfig(daemon.family, file, configFiles);
  for (const fault of loaded.faults) process.stderr.write(`${formatFault(fault)}\n`);
  if (loaded.kind === "refused") return ExitCode.failure;
  const missing = isDeep ? daemon.checkSurroundings(loaded.config, daemonPaths(process.env)) : [];
  for (const what of missing) process.stderr.write(`${what}\n`);
  if (missing.length > 0) return ExitCode.failure;
  process.stdout.write(`${file} is a valid configuration\n`);
  return ExitCode.ok;
}

async function serve<Config extends ConfinedConfig>(daemon: Daemon<Config>, request: Serve): Promise<void> {
  const paths = daemonPaths(process.env);
  const log = new LoggerTree({
    program: daemon.keaName,
    logDirectory: paths.log,
    verbose: request.verbose,
    ...(process.env["KEA_LOGGER_DESTINATION"] ? { destination: process.env["KEA_LOGGER_DESTINATION"] } : {}),
  });
  try {
    await new Life(daemon, request, paths, log).run();
  } catch (error) {
    log.log(daemon.messages.START_FAILED, { program: daemon.program.name, error: traceOf(error) });
    await log.close();
    // What had been opened by then would keep the process alive, and deaf.
    process.exit(ExitCode.failure);
  }
  await log.close();
}
