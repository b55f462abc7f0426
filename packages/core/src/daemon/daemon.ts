/** What a daemon is to the code that runs it. */
import type { Listener } from "@kotare/extension";
import type { ConfigFamily } from "../config/config-family.ts";
import type { Command } from "../control/command.ts";
import type { Commands } from "../control/command-table.ts";
import type { LifeContext } from "../control/daemon-context.ts";
import type { Service } from "../control/http/services.ts";
import type { Metric } from "../control/metrics/metric.ts";
import type { OpenAdmin } from "../databases/database-admin.ts";
import type { DatabaseConfig } from "../databases/database-settings.ts";
import type { LoggerTree } from "../log/logger-tree.ts";
import type { Program } from "./arguments.ts";
import type { ConfigSource } from "./config/config-source.ts";
import type { ConfigStore } from "./config/config-store.ts";
import type { ConfinedConfig } from "./config/confine-paths.ts";
import type { LifeMessages } from "./life-messages.ts";
import type { GoOn } from "./main-loop/spare-time.ts";
import type { Converter } from "./offline/converter.ts";
import type { Explainer } from "./offline/explainer.ts";
import type { LeaseMover } from "./offline/lease-mover.ts";
import type { DaemonPaths } from "./paths.ts";

/** What tells one daemon from another. */
export interface Daemon<Config extends ConfinedConfig> {
  readonly program: Omit<Program, "version">;
  /** Kea's name for it: for loggers, the pid file, and so that the two never serve together. */
  readonly keaName: string;
  /** What commands call it. */
  readonly service: Service;
  readonly family: ConfigFamily<Config>;
  /** The script of the thread that reads a configuration beside service: it calls `sendConfig`. */
  readonly configWorker: URL;
  readonly messages: LifeMessages;
  readonly commands: readonly Command<never>[];
  /** What is in a configuration, in a few words. */
  describeConfig(config: Config): string;
  /** `-T`: one sentence for everything that would keep the daemon from serving now. Takes nothing into use. */
  checkSurroundings(config: Config, paths: DaemonPaths): readonly string[];
  /** The kinds of databases that can hold its leases, and how `db` opens them. */
  readonly databases?: { readonly [Type in DatabaseConfig["type"]]?: OpenAdmin };
  /** How a tool reaches the database that has parts of its configuration. */
  readonly configStore?: ConfigStore<Config>;
  /** Where parts of its configuration may come from beside the file. */
  configSource?(surroundings: Pick<Surroundings, "log" | "stopping" | "giveUp">): ConfigSource<Config>;
  /** What `leases` does. */
  readonly leaseMover?: LeaseMover<Config>;
  /** What `convert` does; loaded when it is wanted. */
  readonly converter?: () => Promise<Converter>;
  /** What `explain` does. */
  readonly explainer?: Explainer<Config>;
  /** Counts an error that nobody caught. */
  countFault(): void;
  /**
   * Has V8 compile what clients would wait for. Nothing comes of it.
   * @param config of the file, which may lack what a source has
   */
  rehearse?(config: Config, surroundings: Pick<Surroundings, "paths" | "ports">): Promise<GoOn>;
  /** @throws what no waiting can mend */
  start(config: Config, surroundings: Surroundings): Promise<RunningServer<Config>>;
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
  /** @returns what answers commands */
  takeCommands(life: LifeContext<Config>): Commands;
  /** Where it takes commands beside the control sockets; the same list for as long as nothing changes. */
  listeners?(): readonly Listener[];
  /** How it is, for Prometheus. */
  metrics(): Promise<readonly Metric[]>;
  /** Answers what is in flight and takes nothing more. */
  stop(): Promise<void>;
}
