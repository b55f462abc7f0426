/** The life of a daemon, from its command line to its exit code: reads the configuration, serves, obeys signals. */
import { readFileSync } from "node:fs";
import type { ConfigFamily } from "../config/config-family.ts";
import { formatFault } from "../config/fault.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { salvageConfig } from "../config/salvage-config.ts";
import type { LoggerConfig } from "../log/logger-config.ts";
import { LoggerTree } from "../log/logger-tree.ts";
import { type Arguments, type Program, parseArguments } from "./arguments.ts";
import { ExitCode } from "./exit-code.ts";
import { guardProcess, traceOf } from "./guard-process.ts";
import type { LifeMessages } from "./life-messages.ts";
import { loadConfigBeside } from "./load-config-beside.ts";
import { daemonMessages } from "./messages.ts";
import { type DaemonPaths, daemonPaths } from "./paths.ts";
import { takePidFile } from "./pid-file.ts";
import { handleSignals } from "./signals.ts";
import { Supervisor } from "./supervisor.ts";
import { describeBuild, VERSION } from "./version.ts";
import { watchStalls } from "./watch-stalls.ts";

/** What tells one daemon from another. */
export interface Daemon<Config extends DaemonConfig> {
  readonly program: Omit<Program, "version">;
  /** Kea's name for it: for loggers, the pid file, and so that the two never serve together. */
  readonly keaName: string;
  readonly family: ConfigFamily<Config>;
  /** The script of the thread that reads a configuration beside service: it calls `sendConfig`. */
  readonly configWorker: URL;
  readonly messages: LifeMessages;
  /** What is in a configuration, in a few words. */
  describeConfig(config: Config): string;
  /** `-T`: one sentence for everything that would keep the daemon from serving now. Takes nothing into use. */
  checkSurroundings(config: Config, paths: DaemonPaths): readonly string[];
  /** Counts an error that nobody caught. */
  countFault(): void;
  /** @throws what no waiting can mend */
  start(config: Config, surroundings: Surroundings): Promise<RunningServer<Config>>;
}

export interface DaemonConfig {
  readonly loggers: readonly LoggerConfig[];
}

/** What a server finds when it is started. */
export interface Surroundings {
  readonly paths: DaemonPaths;
  readonly log: LoggerTree;
  /** From the command line. */
  readonly ports: { readonly server: number | undefined; readonly client: number | undefined };
  /** Aborted when the daemon is asked to stop. */
  readonly stopping: AbortSignal;
  /** To be told when what is served has changed, in words. */
  readonly onStatus: (status: string) => void;
  /** Ends the daemon with a failure, as the operator has asked for in the configuration. */
  readonly giveUp: (why: string) => void;
}

export interface RunningServer<Config> {
  /** One line: what is served, and what is not and why. */
  describe(): string;
  /** Takes a new configuration into force beside service. */
  reconfigure(config: Config): Promise<void>;
  /** Answers what is in flight and takes nothing more. */
  stop(): Promise<void>;
}

type Serve = Extract<Arguments, { kind: "serve" }>;

const reader = { read: (path: string) => readFileSync(path, "latin1") };

/** The whole program; the process ends by itself some time after this resolves. */
export async function runDaemon<Config extends DaemonConfig>(daemon: Daemon<Config>): Promise<void> {
  const { name } = daemon.program;
  const given = parseArguments(process.argv.slice(2), { ...daemon.program, version: VERSION });
  switch (given.kind) {
    case "exit":
      (given.code === ExitCode.ok ? process.stdout : process.stderr).write(given.text);
      process.exitCode = given.code;
      break;
    case "report":
      process.stdout.write(given.of === "version" ? `${VERSION}\n${describeBuild(name)}` : describeBuild(name));
      break;
    case "check":
      process.exitCode = check(daemon, given.config, given.deep);
      break;
    case "serve":
      await serve(daemon, given);
      break;
  }
}

/** `-t`: everything that is wrong, and a word when nothing is. `-T` also looks at what the file needs of this host. */
function check<Config extends DaemonConfig>(daemon: Daemon<Config>, file: string, isDeep: boolean): ExitCode {
  const loaded = loadConfig(daemon.family, file, reader);
  for (const fault of loaded.faults) process.stderr.write(`${formatFault(fault)}\n`);
  if (loaded.kind === "refused") return ExitCode.failure;
  const missing = isDeep ? daemon.checkSurroundings(loaded.config, daemonPaths(process.env)) : [];
  for (const what of missing) process.stderr.write(`${what}\n`);
  if (missing.length > 0) return ExitCode.failure;
  process.stdout.write(`${file} is a valid configuration\n`);
  return ExitCode.ok;
}

async function serve<Config extends DaemonConfig>(daemon: Daemon<Config>, request: Serve): Promise<void> {
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
    process.exitCode = ExitCode.failure;
  }
  await log.close();
}

class Life<Config extends DaemonConfig> {
  readonly #daemon: Daemon<Config>;
  readonly #program: string;
  readonly #messages: LifeMessages;
  readonly #request: Serve;
  readonly #paths: DaemonPaths;
  readonly #log: LoggerTree;
  readonly #supervisor: Supervisor;
  readonly #stopping = new AbortController();
  #server: RunningServer<Config> | undefined;

  constructor(daemon: Daemon<Config>, request: Serve, paths: DaemonPaths, log: LoggerTree) {
    this.#daemon = daemon;
    this.#program = daemon.program.name;
    this.#messages = daemon.messages;
    this.#request = request;
    this.#paths = paths;
    this.#log = log;
    this.#supervisor = new Supervisor(log);
  }

  /** From the first line of the log to the last. @throws what no waiting can mend */
  async run(): Promise<void> {
    const log = this.#log;
    const file = this.#request.config;
    guardProcess(log, () => this.#daemon.countFault());
    log.log(this.#messages.STARTING, { program: this.#program, version: VERSION, pid: process.pid });
    const config = this.#take(loadConfig(this.#daemon.family, file, reader)) ?? this.#salvage();
    if (config === undefined) {
      process.exitCode = ExitCode.failure;
      return;
    }
    log.configure(config.loggers);
    const pidFile = takePidFile(this.#paths.pid, file, this.#daemon.keaName);
    if (pidFile.kind === "running") {
      throw new Error(`process ${pidFile.pid} serves this configuration already (${pidFile.path})`);
    }
    if (pidFile.kind === "unusable") {
      log.log(daemonMessages.DAEMON_PID_FILE_UNUSABLE, { path: pidFile.path, error: pidFile.error.message });
    }
    try {
      this.#obeySignals();
      await this.#serve(config);
    } finally {
      if (pidFile.kind === "held") pidFile.file.release();
    }
  }

  async #serve(config: Config): Promise<void> {
    const log = this.#log;
    try {
      this.#server = await this.#daemon.start(config, this.#surroundings());
    } catch (error) {
      // Asked to stop before it had begun: nothing has failed.
      if (this.#stopping.signal.aborted) return;
      throw error;
    }
    const server = this.#server;
    this.#tellInForce(config);
    log.log(this.#messages.STARTED, { program: this.#program, version: VERSION, what: server.describe() });
    this.#supervisor.ready(server.describe());
    using _watchdog = this.#supervisor.startWatchdog();
    using _stalls = watchStalls(log);
    await untilAborted(this.#stopping.signal);
    this.#supervisor.stopping();
    await server.stop();
    log.log(this.#messages.SHUTDOWN, { program: this.#program });
  }

  #surroundings(): Surroundings {
    const { port, clientPort } = this.#request;
    return {
      paths: this.#paths,
      log: this.#log,
      ports: { server: port, client: clientPort },
      stopping: this.#stopping.signal,
      onStatus: (status) => this.#supervisor.status(status),
      giveUp: (error) => {
        this.#log.log(this.#messages.START_FAILED, { program: this.#program, error });
        process.exitCode = ExitCode.failure;
        this.#stopping.abort(new Error(error));
      },
    };
  }

  #obeySignals(): void {
    handleSignals({
      reload: async () => {
        if (this.#server !== undefined) await this.#reload(this.#server);
      },
      stop: (signal) => {
        this.#log.log(this.#messages.SHUTDOWN_REQUEST, { signal });
        this.#stopping.abort(new Error(`stopped by ${signal}`));
      },
    });
  }

  /** Logs what there is to say about a configuration. @returns `undefined` when it is refused */
  #take(loaded: LoadedConfig<Config>): Config | undefined {
    for (const fault of loaded.faults) {
      if (fault.severity === "error") this.#log.log(this.#messages.CONFIG_LOAD_FAIL, { error: formatFault(fault) });
      else this.#log.log(this.#messages.CONFIG_NOTE, { note: formatFault(fault) });
    }
    return loaded.kind === "loaded" ? loaded.config : undefined;
  }

  /** One bad reservation, pool or subnet is no reason to serve nobody: at a start it is left out. */
  #salvage(): Config | undefined {
    const salvaged = salvageConfig(this.#daemon.family, this.#request.config, reader);
    for (const fault of salvaged?.faults ?? []) {
      if (fault.severity === "error") this.#log.log(this.#messages.CONFIG_PART_LEFT_OUT, { error: formatFault(fault) });
    }
    return salvaged?.config;
  }

  /** SIGHUP: a good file is in force when this resolves, a bad one leaves everything as it was. */
  async #reload(server: RunningServer<Config>): Promise<void> {
    const file = this.#request.config;
    this.#log.log(this.#messages.DYNAMIC_RECONFIGURATION, { file });
    this.#supervisor.reloading();
    try {
      const config = this.#take(await loadConfigBeside<Config>(this.#daemon.configWorker, file));
      // Whatever becomes of the file: a tool that moves log files away sends SIGHUP, too.
      if (config === undefined) this.#log.reopen();
      else {
        this.#log.configure(config.loggers);
        await server.reconfigure(config);
        this.#tellInForce(config);
      }
    } catch (error) {
      this.#log.log(this.#messages.CONFIG_LOAD_FAIL, { error: (error as Error).message });
    }
    this.#supervisor.ready(server.describe());
  }

  #tellInForce(config: Config): void {
    const what = this.#daemon.describeConfig(config);
    this.#log.log(this.#messages.CONFIG_COMPLETE, { file: this.#request.config, what });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
