/** A DHCPv4 server under test, whoever wrote it: started with a configuration, watched, stopped. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { delay, findProgram, type Program, type Usage } from "../lab/program.ts";
import { top } from "../top.ts";
import { type LeaseRow, readLeases } from "./lease-file.ts";

/** Which implementation. */
export type Subject = "kea" | "kotare";

/** What stands inside `Dhcp4`; lease database, loggers and interfaces are filled in when they are left out. */
export type Dhcp4Config = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  /** Severity of the log; default INFO. */
  readonly severity?: "WARN" | "INFO" | "DEBUG";
  /** The log goes to a file in the folder, and the server counts as started once it holds its port. */
  readonly logToFile?: boolean;
  /** Files of the run; default: a folder of the lab's own, fresh for each server. */
  readonly folder: string;
  /** Milliseconds until it must serve. */
  readonly patience?: number;
}

export const DHCP4D = join(top, "apps/dhcp4d/bin/dhcp4d");

/** Where the subject's daemon is; `undefined` when it cannot be had here. */
function findDaemon(subject: Subject): string | undefined {
  return subject === "kea" ? findProgram("kea-dhcp4") : DHCP4D;
}

/**
 * The subjects to test: what `E2E_SUBJECT` names (`kea`, `kotare`, or both with a comma), else `fallback`.
 * @throws Error for an unknown name
 */
export function subjects(fallback: readonly Subject[]): readonly Subject[] {
  const { E2E_SUBJECT } = process.env;
  const named = E2E_SUBJECT?.split(",") ?? fallback;
  return named.map((name) => {
    if (name !== "kea" && name !== "kotare") throw new Error(`E2E_SUBJECT: ${name} is neither kea nor kotare`);
    return name;
  });
}

export class Server implements AsyncDisposable {
  readonly subject: Subject;
  readonly program: Program;
  readonly leaseFile: string;
  readonly configFile: string;
  readonly #options: ServerOptions;

  private constructor(subject: Subject, program: Program, options: ServerOptions) {
    this.subject = subject;
    this.program = program;
    this.#options = options;
    this.leaseFile = leaseFile(options.folder);
    this.configFile = configFile(options.folder);
  }

  /** Starts the daemon on a host and returns once it serves. */
  static async start(subject: Subject, host: Host, config: Dhcp4Config, options: ServerOptions): Promise<Server> {
    const daemon = findDaemon(subject);
    if (daemon === undefined) throw new Error(`${subject} is not installed`);
    mkdirSync(options.folder, { recursive: true, mode: 0o750 });
    writeConfig(config, options);
    const env = privateFolders(options.folder);
    const program = host.start([daemon, "-c", configFile(options.folder)], { env, cwd: options.folder });
    const server = new Server(subject, program, options);
    const timeout = options.patience ?? 20_000;
    await (options.logToFile === true ? server.#waitForPort(timeout) : program.waitFor(/DHCP4_STARTED/, { timeout }));
    return server;
  }

  async #waitForPort(timeout: number): Promise<void> {
    const end = performance.now() + timeout;
    while (!holdsPort67(this.program.pid)) {
      if (!this.program.running || performance.now() > end) {
        throw new Error(`${this.subject} does not serve; its last lines:\n${this.program.lines.slice(-20).join("\n")}`);
      }
      await delay(10);
    }
  }

  /** Writes a new configuration and has it read, as an operator does. Returns when it is in force. */
  async reload(config: Dhcp4Config): Promise<void> {
    writeConfig(config, this.#options);
    const from = this.program.lines.length;
    this.program.signal("SIGHUP");
    await this.program.waitFor(/DHCP4_CONFIG_COMPLETE/, { from });
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

/** The environment in which Kea, and we like it, put what the configuration does not place into one folder. */
export function privateFolders(folder: string): Record<string, string> {
  return Object.fromEntries(
    ["KEA_PIDFILE_DIR", "KEA_LOCKFILE_DIR", "KEA_DHCP_DATA_DIR", "KEA_CONTROL_SOCKET_DIR", "KEA_LOG_FILE_DIR"].map(
      (name) => [name, folder],
    ),
  );
}

/** UDP port 67 in the network of a process. */
function holdsPort67(pid: number): boolean {
  try {
    return /^ *\d+: [0-9A-F]+:0043 /m.test(readFileSync(`/proc/${pid}/net/udp`, "latin1"));
  } catch {
    return false;
  }
}

export function leaseFile(folder: string): string {
  return join(folder, "leases4.csv");
}

function configFile(folder: string): string {
  return join(folder, "dhcp4.json");
}

function writeConfig(config: Dhcp4Config, options: ServerOptions): void {
  const complete = {
    "interfaces-config": { interfaces: ["*"] },
    "lease-database": { type: "memfile", name: leaseFile(options.folder), "lfc-interval": 0 },
    loggers: [
      {
        name: "kea-dhcp4",
        severity: options.severity ?? "INFO",
        ...(options.severity === "DEBUG" ? { debuglevel: 99 } : {}),
        output_options: [{ output: options.logToFile === true ? join(options.folder, "log") : "stdout", flush: true }],
      },
    ],
    ...config,
  };
  writeFileSync(configFile(options.folder), JSON.stringify({ Dhcp4: complete }, undefined, 2), { mode: 0o640 });
}
