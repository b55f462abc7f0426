/** A DHCP server under test, of either family and whoever wrote it: started with a configuration, watched, stopped. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { delay, type Program, type Usage } from "../lab/program.ts";
import { top } from "../top.ts";
import { findKea, type Kea } from "./kea.ts";
import { type LeaseRow, readLeases } from "./lease-file.ts";

/** Which implementation; `kea` is Debian's own, `kea3` that of its next release. */
export type Subject = Kea | "kotare";

export type Family = 4 | 6;

/** What stands inside `Dhcp4` or `Dhcp6`; lease database, loggers and interfaces are filled in when they are left out. */
export type DhcpConfig = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  /** Default 4. */
  readonly family?: Family;
  /** Severity of the log; default INFO. */
  readonly severity?: "WARN" | "INFO" | "DEBUG";
  /** The log goes to a file in the folder, and the server counts as started once it holds its port. */
  readonly logToFile?: boolean;
  /** A command that starts the daemon, such as one that takes a capability from it. */
  readonly under?: readonly string[];
  /** Another build of our daemon. */
  readonly daemon?: string;
  /** Files of the run; default: a folder of the lab's own, fresh for each server. */
  readonly folder: string;
  /** Milliseconds until it must serve. */
  readonly patience?: number;
}

/** Our daemon of a family. */
export function ourDaemon(family: Family): string {
  return join(top, `apps/dhcp${family}d/bin/dhcp${family}d`);
}

/** Where the subject's daemon is; `undefined` when it cannot be had here. */
export function findDaemon(subject: Subject, family: Family): string | undefined {
  return subject === "kotare" ? ourDaemon(family) : findKea(subject, `kea-dhcp${family}`);
}

/**
 * The subjects to test: what `E2E_SUBJECT` names (`kea`, `kea3`, `kotare`, or several with commas), else `fallback`.
 * @throws Error for an unknown name
 */
export function subjects(fallback: readonly Subject[]): readonly Subject[] {
  const { E2E_SUBJECT } = process.env;
  const named = E2E_SUBJECT?.split(",") ?? fallback;
  return named.map((name) => {
    if (name !== "kea" && name !== "kea3" && name !== "kotare") {
      throw new Error(`E2E_SUBJECT: ${name} is none of kea, kea3, kotare`);
    }
    return name;
  });
}

export class Server implements AsyncDisposable {
  readonly subject: Subject;
  readonly program: Program;
  readonly leaseFile: string;
  readonly configFile: string;
  readonly #family: Family;
  readonly #options: ServerOptions;

  private constructor(subject: Subject, program: Program, options: ServerOptions) {
    this.subject = subject;
    this.program = program;
    this.#family = options.family ?? 4;
    this.#options = options;
    this.leaseFile = leaseFile(options);
    this.configFile = configFile(options);
  }

  /** Starts the daemon on a host and returns once it serves. */
  static async start(subject: Subject, host: Host, config: DhcpConfig, options: ServerOptions): Promise<Server> {
    const { family = 4, under = [] } = options;
    const daemon = options.daemon ?? findDaemon(subject, family);
    if (daemon === undefined) throw new Error(`${subject} is not installed`);
    mkdirSync(options.folder, { recursive: true, mode: 0o750 });
    writeConfig(config, options);
    const env = privateFolders(options.folder);
    const program = host.start([...under, daemon, "-c", configFile(options)], { env, cwd: options.folder });
    const server = new Server(subject, program, options);
    const timeout = options.patience ?? 60_000;
    const started = new RegExp(`DHCP${family}_STARTED`);
    await (options.logToFile === true ? server.#waitForPort(timeout) : program.waitFor(started, { timeout }));
    return server;
  }

  async #waitForPort(timeout: number): Promise<void> {
    const end = performance.now() + timeout;
    while (!holdsPort(this.program.pid, this.#family)) {
      if (!this.program.running || performance.now() > end) {
        throw new Error(`${this.subject} does not serve; its last lines:\n${this.program.lines.slice(-20).join("\n")}`);
      }
      await delay(10);
    }
  }

  /** Writes a new configuration and has it read, as an operator does. Returns when it is in force, or is said not to be. */
  async reload(config: DhcpConfig, outcome = "CONFIG_COMPLETE"): Promise<void> {
    writeConfig(config, this.#options);
    const from = this.program.lines.length;
    this.program.signal("SIGHUP");
    await this.program.waitFor(new RegExp(`DHCP${this.#family}_${outcome}`), { from });
  }

  /** What the lease file says now. */
  leases(): Map<string, LeaseRow> {
    return readLeases(this.leaseFile);
  }

  usage(): Usage {
    return this.program.usage();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }
}

const FOLDERS = [
  "PIDFILE_DIR",
  "LOCKFILE_DIR",
  "DHCP_DATA_DIR",
  "CONTROL_SOCKET_DIR",
  "LOG_FILE_DIR",
  "LEGAL_LOG_DIR",
  "HOOK_SCRIPTS_PATH",
];

/**
 * The environment in which Kea, and we like it, put what the configuration does not place into one folder; and in which Kea
 * finds the program that rewrites its lease file.
 */
export function privateFolders(folder: string): Record<string, string> {
  const folders = Object.fromEntries(FOLDERS.map((name) => [`KEA_${name}`, folder]));
  const rewriter = findKea("kea", "kea-lfc");
  return rewriter === undefined ? folders : { ...folders, KEA_LFC_EXECUTABLE: rewriter };
}

/** The servers' port, 67 or 547, in the network of a process. */
function holdsPort(pid: number, family: Family): boolean {
  const [table, port] = family === 4 ? ["udp", "0043"] : ["udp6", "0223"];
  try {
    return new RegExp(`^ *\\d+: [0-9A-F]+:${port} `, "m").test(readFileSync(`/proc/${pid}/net/${table}`, "latin1"));
  } catch {
    return false;
  }
}

type Place = Pick<ServerOptions, "folder" | "family">;

export function leaseFile({ folder, family = 4 }: Place): string {
  return join(folder, `leases${family}.csv`);
}

function configFile({ folder, family = 4 }: Place): string {
  return join(folder, `dhcp${family}.json`);
}

function writeConfig(config: DhcpConfig, options: ServerOptions): void {
  const { family = 4, folder, severity = "INFO", logToFile = false } = options;
  const complete = {
    "interfaces-config": { interfaces: ["*"] },
    "lease-database": { type: "memfile", name: leaseFile(options), "lfc-interval": 0 },
    loggers: [
      {
        name: `kea-dhcp${family}`,
        severity,
        ...(severity === "DEBUG" ? { debuglevel: 99 } : {}),
        output_options: [{ output: logToFile ? join(folder, "log") : "stdout", flush: true }],
      },
    ],
    ...config,
  };
  writeFileSync(configFile(options), JSON.stringify({ [`Dhcp${family}`]: complete }, undefined, 2), { mode: 0o640 });
}
