/** dhcp4d: the composition root. Reads the command line and the configuration, puts the parts together, obeys signals. */
import { readFileSync } from "node:fs";
import { systemClock } from "@kotare/core/base/clock";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { formatFault } from "@kotare/core/config/fault";
import { type LoadedConfig, loadConfig } from "@kotare/core/config/load-config";
import { salvageConfig } from "@kotare/core/config/salvage-config";
import { type Arguments, parseArguments } from "@kotare/core/daemon/arguments";
import { ExitCode } from "@kotare/core/daemon/exit-code";
import { guardProcess, traceOf } from "@kotare/core/daemon/guard-process";
import { loadConfigBeside } from "@kotare/core/daemon/load-config-beside";
import { daemonMessages } from "@kotare/core/daemon/messages";
import { type DaemonPaths, daemonPaths } from "@kotare/core/daemon/paths";
import { takePidFile } from "@kotare/core/daemon/pid-file";
import { handleSignals } from "@kotare/core/daemon/signals";
import { Supervisor } from "@kotare/core/daemon/supervisor";
import { watchStalls } from "@kotare/core/daemon/watch-stalls";
import { LoggerTree } from "@kotare/core/log/logger-tree";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics4 } from "@kotare/core/stats/statistics4";
import { checkSurroundings } from "./check-surroundings.ts";
import { main, startup } from "./messages4.ts";
import { leaseFileOf, openLeases4 } from "./open-leases4.ts";
import { Server4 } from "./server4.ts";
import { describeBuild, VERSION } from "./version.ts";

/** Kea's name for this daemon: for loggers, the pid file, and so that the two never serve together. */
const KEA_NAME = "kea-dhcp4";
const CONFIG_WORKER = new URL("./config-worker.mjs", import.meta.url);
const reader = { read: (path: string) => readFileSync(path, "latin1") };

type Serve = Extract<Arguments, { kind: "serve" }>;

const program = {
  name: "dhcp4d",
  summary: "DHCPv4 server that reads Kea's configuration and lease files",
  version: VERSION,
  exampleConfig: "/etc/kea/kea-dhcp4.conf",
  ports: true,
};

const given = parseArguments(process.argv.slice(2), program);
switch (given.kind) {
  case "exit":
    (given.code === ExitCode.ok ? process.stdout : process.stderr).write(given.text);
    process.exitCode = given.code;
    break;
  case "report":
    process.stdout.write(given.of === "version" ? `${VERSION}\n${describeBuild()}` : describeBuild());
    break;
  case "check":
    process.exitCode = check(given.config, given.deep);
    break;
  case "serve":
    await serve(given);
    break;
}

/** `-t`: everything that is wrong, and a word when nothing is. `-T` also looks at what the file needs of this host. */
function check(file: string, isDeep: boolean): ExitCode {
  const loaded = loadConfig(dhcp4Family, file, reader);
  for (const fault of loaded.faults) process.stderr.write(`${formatFault(fault)}\n`);
  if (loaded.kind === "refused") return ExitCode.failure;
  const missing = isDeep ? checkSurroundings(loaded.config, leaseFileOf(loaded.config, daemonPaths(process.env))) : [];
  for (const what of missing) process.stderr.write(`${what}\n`);
  if (missing.length > 0) return ExitCode.failure;
  process.stdout.write(`${file} is a valid configuration\n`);
  return ExitCode.ok;
}

async function serve(request: Serve): Promise<void> {
  const paths = daemonPaths(process.env);
  const log = new LoggerTree({
    program: KEA_NAME,
    logDirectory: paths.log,
    verbose: request.verbose,
    ...(process.env["KEA_LOGGER_DESTINATION"] ? { destination: process.env["KEA_LOGGER_DESTINATION"] } : {}),
  });
  try {
    await run(request, paths, log);
  } catch (error) {
    log.log(startup.DHCP4_START_FAILED, { error: traceOf(error) });
    process.exitCode = ExitCode.failure;
  }
  await log.close();
}

/** From the first line of the log to the last. @throws what no waiting can mend */
async function run({ config: file, port, clientPort }: Serve, paths: DaemonPaths, log: LoggerTree): Promise<void> {
  const statistics = new Statistics(statistics4, systemClock.wall());
  guardProcess(log, () => statistics.global["pkt4-processing-failed"].add(1, systemClock.wall()));
  log.log(main.DHCP4_STARTING, { version: VERSION, pid: process.pid });

  const config = takeConfig(loadConfig(dhcp4Family, file, reader), log) ?? salvage(file, log);
  if (config === undefined) {
    process.exitCode = ExitCode.failure;
    return;
  }
  log.configure(config.loggers);

  const pidFile = takePidFile(paths.pid, file, KEA_NAME);
  if (pidFile.kind === "running") {
    throw new Error(`process ${pidFile.pid} serves this configuration already (${pidFile.path})`);
  }
  if (pidFile.kind === "unusable") {
    log.log(daemonMessages.DAEMON_PID_FILE_UNUSABLE, { path: pidFile.path, error: pidFile.error.message });
  }

  const stopping = new AbortController();
  const supervisor = new Supervisor(log);
  let server: Server4 | undefined;
  handleSignals({
    reload: async () => {
      if (server !== undefined) await reload(file, server, log, supervisor);
    },
    stop: (signal) => {
      log.log(main.DHCP4_SHUTDOWN_REQUEST, { signal });
      stopping.abort(new Error(`stopped by ${signal}`));
    },
  });
  try {
    const leases = await openLeases4(config, paths, systemClock, log, stopping.signal);
    server = await Server4.start(config, {
      ...leases,
      clock: systemClock,
      log,
      statistics,
      ports: { server: port ?? 67, client: clientPort ?? 68 },
      onStatus: (status) => supervisor.status(status),
    });
  } catch (error) {
    if (pidFile.kind === "held") pidFile.file.release();
    // Asked to stop before it had begun: nothing has failed.
    if (stopping.signal.aborted) return;
    throw error;
  }
  log.log(main.DHCP4_CONFIG_COMPLETE, { file, subnets: countSubnets(config) });
  log.log(main.DHCP4_STARTED, { version: VERSION, interfaces: server.describe() });
  supervisor.ready(server.describe());
  using _watchdog = supervisor.startWatchdog();
  using _stalls = watchStalls(log);

  const giveUp = requireAll(config, server, log, stopping);
  await untilAborted(stopping.signal);
  clearTimeout(giveUp);
  supervisor.stopping();
  await server.stop();
  log.log(main.DHCP4_SHUTDOWN);
  if (pidFile.kind === "held") pidFile.file.release();
}

/** Logs what there is to say about a configuration. @returns `undefined` when it is refused */
function takeConfig(loaded: LoadedConfig<Dhcp4Config>, log: LoggerTree): Dhcp4Config | undefined {
  for (const fault of loaded.faults) {
    if (fault.severity === "error") log.log(main.DHCP4_CONFIG_LOAD_FAIL, { error: formatFault(fault) });
    else log.log(main.DHCP4_CONFIG_NOTE, { note: formatFault(fault) });
  }
  return loaded.kind === "loaded" ? loaded.config : undefined;
}

/** One bad reservation, pool or subnet is no reason to serve nobody: at a start it is left out. */
function salvage(file: string, log: LoggerTree): Dhcp4Config | undefined {
  const salvaged = salvageConfig(dhcp4Family, file, reader);
  for (const fault of salvaged?.faults ?? []) {
    if (fault.severity === "error") log.log(main.DHCP4_CONFIG_PART_LEFT_OUT, { error: formatFault(fault) });
  }
  return salvaged?.config;
}

/** SIGHUP: a good file is in force when this resolves, a bad one leaves everything as it was. */
async function reload(file: string, server: Server4, log: LoggerTree, supervisor: Supervisor): Promise<void> {
  log.log(main.DHCP4_DYNAMIC_RECONFIGURATION, { file });
  supervisor.reloading();
  try {
    const config = takeConfig(await loadConfigBeside<Dhcp4Config>(CONFIG_WORKER, file), log);
    // Whatever becomes of the file: a tool that moves log files away sends SIGHUP, too.
    if (config === undefined) log.reopen();
    else {
      log.configure(config.loggers);
      await server.reconfigure(config);
      log.log(main.DHCP4_CONFIG_COMPLETE, { file, subnets: countSubnets(config) });
    }
  } catch (error) {
    log.log(main.DHCP4_CONFIG_LOAD_FAIL, { error: (error as Error).message });
  }
  supervisor.ready(server.describe());
}

/** Kea's `service-sockets-require-all`: leaves when an interface is still missing after the configured tries. */
function requireAll(
  config: Dhcp4Config,
  server: Server4,
  log: LoggerTree,
  stopping: AbortController,
): NodeJS.Timeout | undefined {
  const interfaces = config["interfaces-config"];
  if (interfaces["service-sockets-require-all"] !== true) return undefined;
  const tries = interfaces["service-sockets-max-retries"] ?? 0;
  const pause = interfaces["service-sockets-retry-wait-time"] ?? 5000;
  return setTimeout(() => {
    if (server.isComplete) return;
    log.log(startup.DHCP4_START_FAILED, {
      error: `service-sockets-require-all is set, and it serves ${server.describe()}`,
    });
    process.exitCode = ExitCode.failure;
    stopping.abort();
  }, tries * pause);
}

function countSubnets(config: Dhcp4Config): number {
  const shared = config["shared-networks"].reduce((sum, network) => sum + network.subnet4.length, 0);
  return config.subnet4.length + shared;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
