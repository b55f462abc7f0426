/** The life of a daemon: reads the configuration, serves, obeys signals and commands. */
import type { Milliseconds } from "../base/clock.ts";
import { formatFault } from "../config/fault.ts";
import { loadConfig } from "../config/load/load-config.ts";
import { salvageConfig } from "../config/load/salvage-config.ts";
import { ControlSockets, type WantedSockets } from "../control/control-sockets.ts";
import type { LifeContext } from "../control/daemon-context.ts";
import { httpSettings, listenerSettings } from "../control/http/http-settings.ts";
import { LoginGuard } from "../control/http/login-guard.ts";
import { withManual } from "../control/http/pages/manual.ts";
import { loadWebPage } from "../control/http/pages/web-page.ts";
import { rehearseHttp } from "../control/http/rehearse-http.ts";
import { Services } from "../control/http/services.ts";
import { daemonMetrics } from "../control/metrics/daemon-metrics.ts";
import { METRICS, metricsPage } from "../control/metrics/metrics-page.ts";
import type { LoggerTree } from "../log/logger-tree.ts";
import type { Arguments } from "./arguments.ts";
import { collectAlone, settleYoung } from "./config/collecting.ts";
import { ConfigChanges, tellFaults } from "./config/config-changes.ts";
import { configFiles } from "./config/config-files.ts";
import { type ConfigSource, pullRegularly } from "./config/config-source.ts";
import { type ConfinedConfig, controlPaths, servicePaths } from "./config/confine-paths.ts";
import { LeftOut } from "./config/left-out.ts";
import type { Daemon, RunningServer, Surroundings } from "./daemon.ts";
import { ExitCode } from "./exit-code.ts";
import { guardProcess, traceOf } from "./guard-process.ts";
import { type GoOn, spareTime } from "./main-loop/spare-time.ts";
import { type StallWatch, watchStalls } from "./main-loop/watch-stalls.ts";
import { daemonMessages } from "./messages.ts";
import type { DaemonPaths } from "./paths.ts";
import { takePidFile } from "./pid-file.ts";
import { handleSignals } from "./signals.ts";
import { Supervisor } from "./supervisor.ts";
import { VERSION, type Version } from "./version.ts";

/** After its start. Who is asked too often for it has rehearsed enough in service. */
const REHEARSING: Milliseconds = 10_000;

export type Serve = Extract<Arguments, { kind: "serve" }>;

export class Life<Config extends ConfinedConfig> {
  readonly #daemon: Daemon<Config>;
  readonly #request: Serve;
  readonly #version: Version;
  readonly #paths: DaemonPaths;
  readonly #log: LoggerTree;
  readonly #supervisor: Supervisor;
  readonly #stopping = new AbortController();
  readonly #began = performance.now();
  /** Once the configuration is read. */
  #leftOut: LeftOut | undefined;
  /** Once it serves. */
  #changes: ConfigChanges<Config> | undefined;
  /** SIGHUP came before that. */
  #isReloadOwed = false;

  constructor(daemon: Daemon<Config>, request: Serve, version: Version, paths: DaemonPaths, log: LoggerTree) {
    this.#daemon = daemon;
    this.#request = request;
    this.#version = version;
    this.#paths = paths;
    this.#log = log;
    this.#supervisor = new Supervisor(log);
  }

  /** From the first line of the log to the last. @throws what no waiting can mend */
  async run(): Promise<void> {
    const log = this.#log;
    const file = this.#request.config;
    const { messages, program, family, keaName } = this.#daemon;
    guardProcess(log, () => this.#daemon.countFault());
    log.log(messages.STARTING, { program: program.name, version: VERSION, pid: process.pid });
    const loaded = loadConfig(family, file, configFiles);
    const [fault] = tellFaults(loaded, file, messages, log);
    const taken = loaded.kind === "loaded" ? { config: loaded.config, leftOut: 0 } : this.#salvage();
    if (taken === undefined) {
      log.log(messages.INIT_FAIL, {
        program: program.name,
        error: `configuration error using file '${file}': ${fault ?? "unknown"}`,
      });
      process.exitCode = ExitCode.failure;
      return;
    }
    const { config } = taken;
    using leftOut = new LeftOut(taken.leftOut, file, messages, log);
    this.#leftOut = leftOut;
    log.configure(config.loggers);
    const pidFile = takePidFile(this.#paths.pid, file, keaName);
    if (pidFile.kind === "running") {
      log.log(messages.ALREADY_RUNNING, { name: keaName, pid: pidFile.pid ?? "unknown", path: pidFile.path });
      process.exitCode = ExitCode.inUse;
      return;
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
    const { messages, program } = this.#daemon;
    const surroundings = this.#surroundings();
    const source = this.#daemon.configSource?.(surroundings);
    let served: Config;
    let server: RunningServer<Config>;
    let goOn: GoOn | undefined;
    try {
      const rehearse = async () => {
        goOn = await this.#daemon.rehearse?.(config, surroundings);
        const hasHttp = config["control-sockets"].some((socket) => socket["socket-type"] !== "unix");
        // A fault of it is no reason not to start: it shows when somebody asks.
        if (hasHttp) await rehearseHttp().catch(() => undefined);
      };
      const followed = await source?.complete(config, rehearse);
      if (source === undefined) await rehearse();
      served = followed?.config ?? config;
      server = await this.#daemon.start(served, surroundings);
      followed?.accept();
    } catch (error) {
      await source?.close();
      // Asked to stop before it had begun: nothing has failed.
      if (this.#stopping.signal.aborted) return;
      throw error;
    }
    settleYoung();
    collectAlone();
    using stalls = watchStalls(log);
    const sockets = await this.#takeCommands(served, server, source, stalls);
    log.log(messages.STARTED, { program: program.name, version: VERSION, what: server.describe() });
    this.#supervisor.ready(this.#status(server.describe()));
    void goOn?.(spareTime(this.#stopping.signal, REHEARSING));
    if (this.#isReloadOwed) void this.#changes?.reload();
    using _watchdog = this.#supervisor.startWatchdog();
    using _pulls = source && pullRegularly(source, () => this.#changes!.pull());
    await untilAborted(this.#stopping.signal);
    this.#supervisor.stopping();
    sockets.close();
    await server.stop();
    await source?.close();
    log.log(messages.SHUTDOWN, { program: program.name, version: VERSION, pid: process.pid });
  }

  /** From here on the configuration may change. */
  async #takeCommands(
    config: Config,
    server: RunningServer<Config>,
    source: ConfigSource<Config> | undefined,
    stalls: StallWatch,
  ): Promise<ControlSockets> {
    const parts = { daemon: this.#daemon, log: this.#log, paths: this.#paths, file: this.#request.config, source };
    const changes = new ConfigChanges(config, parts, {
      begin: () => this.#supervisor.reloading(),
      use: async (next, isNew) => {
        const { current } = changes;
        // What a command has left alone is the same object.
        if (next.loggers !== current.loggers) this.#log.configure(next.loggers);
        const listeners = server.listeners?.();
        await server.reconfigure(next);
        if (next["control-sockets"] !== current["control-sockets"] || server.listeners?.() !== listeners) {
          await sockets.configure(this.#wantedSockets(next, server));
        }
        if (isNew) this.#leftOut?.clear();
      },
      fail: (error) => {
        this.#log.log(this.#daemon.messages.CONFIG_UNRECOVERABLE_ERROR, { error: traceOf(error) });
        if (!this.#request.exitOnFatal) return;
        process.exitCode = ExitCode.failure;
        this.#stop("-F");
      },
      end: () => this.#supervisor.ready(this.#status(server.describe())),
    });
    const life: LifeContext<Config> = {
      version: this.#version,
      config: () => changes.current,
      configAnswer: () => changes.answer,
      configFile: this.#request.config,
      reload: () => changes.reload(),
      receiveConfig: (text) => changes.receive(text),
      check: (next) => this.#daemon.family.check(next),
      changeConfig: (change) => changes.change(change),
      source,
      pullConfig: () => changes.pull(),
      shutDown: (exitValue) => {
        process.exitCode = exitValue & 0xff;
        this.#stop("the command shutdown");
      },
      leftOut: () => this.#leftOut?.count ?? 0,
      age: () => ({ uptime: secondsSince(this.#began), reload: secondsSince(changes.since) }),
    };
    const commands = server.takeCommands(life);
    const services = new Services(this.#daemon.service, () => servicePaths(changes.current, this.#paths), this.#log);
    const guard = new LoginGuard();
    const metrics = metricsPage(async () => [
      ...daemonMetrics(this.#daemon.service, life, guard, stalls),
      ...(source?.metrics() ?? []),
      ...(await server.metrics()),
    ]);
    const pages = withManual(
      new Map([...loadWebPage(this.#daemon.configWorker), [METRICS, metrics]]),
      this.#paths.manual,
    );
    const sockets = new ControlSockets({ commands, services, pages, guard, log: this.#log }, this.#request.insecure);
    await sockets.configure(this.#wantedSockets(config, server));
    this.#changes = changes;
    return sockets;
  }

  #wantedSockets(config: Config, server: RunningServer<Config>): WantedSockets {
    const { root } = this.#daemon.family;
    const usual = root === "Dhcp6" ? "::1" : "127.0.0.1";
    const http = config["control-sockets"].filter((socket) => socket["socket-type"] !== "unix");
    return {
      paths: controlPaths(config, this.#paths),
      http: [
        ...http.map((socket) => httpSettings(socket, usual, this.#log)),
        ...(server.listeners?.() ?? []).map(listenerSettings),
      ],
    };
  }

  #surroundings(): Surroundings {
    const { port, clientPort } = this.#request;
    return {
      paths: this.#paths,
      log: this.#log,
      ports: { server: port, client: clientPort },
      stopping: this.#stopping.signal,
      onStatus: (status) => this.#supervisor.status(this.#status(status)),
      giveUp: (error) => {
        this.#log.log(this.#daemon.messages.GIVEN_UP, { program: this.#daemon.program.name, error });
        process.exitCode = ExitCode.failure;
        this.#stopping.abort(new Error(error));
      },
    };
  }

  #obeySignals(): void {
    handleSignals({
      reload: async () => {
        this.#isReloadOwed = this.#changes === undefined;
        await this.#changes?.reload();
      },
      stop: (signal) => this.#stop(signal),
    });
  }

  #stop(by: string): void {
    this.#log.log(this.#daemon.messages.SHUTDOWN_REQUEST, { by });
    this.#stopping.abort(new Error(`stopped by ${by}`));
  }

  #status(served: string): string {
    return this.#leftOut?.describe(served) ?? served;
  }

  /**
   * One bad reservation, pool or subnet is no reason to serve nobody: at a start it is left out.
   * @returns `undefined` where that is not wanted, or more than such parts is wrong
   */
  #salvage(): { config: Config; leftOut: number } | undefined {
    const { messages, family } = this.#daemon;
    if (this.#request.strict) return undefined;
    const salvaged = salvageConfig(family, this.#request.config, configFiles);
    if (salvaged === undefined) return undefined;
    for (const fault of salvaged.faults) {
      this.#log.log(messages.CONFIG_PART_LEFT_OUT, { error: formatFault(fault) });
    }
    return { config: salvaged.config, leftOut: salvaged.faults.length };
  }
}

function secondsSince(began: number): number {
  return Math.floor((performance.now() - began) / 1000);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
