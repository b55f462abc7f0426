/** A DNS updater under test: ours, or Kea's. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { delay, Program, type Usage } from "../lab/program.ts";
import { findKea } from "../subject/kea.ts";
import { privateFolders, type Subject } from "../subject/server.ts";
import { top } from "../top.ts";
import { KEY, type Key } from "./name-server.ts";

export interface DnsServerAddress {
  readonly address: string;
  readonly port: number;
}

export interface UpdaterOptions {
  readonly subject?: Subject;
  readonly folder: string;
  readonly forward: readonly string[];
  readonly reverse: readonly string[];
  /** Of every zone, in order. */
  readonly servers: readonly DnsServerAddress[];
  readonly key?: Key;
  /** Other keys of `DhcpDdns`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly severity?: "DEBUG" | "INFO" | "WARN";
  /** A command that starts the daemon. */
  readonly under?: readonly string[];
  readonly start?: (command: readonly string[], env: Record<string, string>) => Program;
}

export const UPDATER_PORT = 53001;

export function ourUpdater(): string {
  return join(top, "apps/d2d/bin/d2d");
}

export class DnsUpdater implements AsyncDisposable {
  readonly program: Program;
  readonly #options: UpdaterOptions;

  private constructor(options: UpdaterOptions, program: Program) {
    this.#options = options;
    this.program = program;
  }

  /** Returns once it takes requests. */
  static async start(options: UpdaterOptions): Promise<DnsUpdater> {
    const { subject = "kotare", folder, under = [] } = options;
    const daemon = subject === "kotare" ? ourUpdater() : findKea(subject, "kea-dhcp-ddns");
    if (daemon === undefined) throw new Error(`${subject} is not installed`);
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    writeConfig(options);
    const command = [...under, daemon, "-c", configFile(folder)];
    const { start = (words, env) => new Program(words, { env }) } = options;
    const program = start(command, privateFolders(folder));
    await program.waitFor(/DHCP_DDNS_STARTED/);
    // Kea listens a moment later.
    while (program.running && !holdsPort(program.pid)) await delay(10);
    return new DnsUpdater(options, program);
  }

  async reload(change: Partial<UpdaterOptions>): Promise<void> {
    writeConfig({ ...this.#options, ...change });
    const from = this.program.lines.length;
    this.program.signal("SIGHUP");
    await this.program.waitFor(/CONFIG_COMPLETE/, { from });
  }

  get usage(): Usage {
    return this.program.usage();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }
}

function holdsPort(pid: number): boolean {
  const port = UPDATER_PORT.toString(16).toUpperCase();
  return new RegExp(`^ *\\d+: [0-9A-F]+:${port} `, "m").test(readFileSync(`/proc/${pid}/net/udp`, "latin1"));
}

function configFile(folder: string): string {
  return join(folder, "ddns.json");
}

function writeConfig(options: UpdaterOptions): void {
  const { folder, forward, reverse, servers, key = KEY, severity = "INFO", extra = {} } = options;
  const domains = (names: readonly string[]) => ({
    "ddns-domains": names.map((name) => ({
      name: `${name}.`,
      "key-name": key.name,
      "dns-servers": servers.map(({ address, port }) => ({ "ip-address": address, port })),
    })),
  });
  const config = {
    "tsig-keys": [{ name: key.name, algorithm: key.algorithm.toUpperCase(), secret: key.secret }],
    "forward-ddns": domains(forward),
    "reverse-ddns": domains(reverse),
    loggers: [
      {
        name: "kea-dhcp-ddns",
        severity,
        ...(severity === "DEBUG" ? { debuglevel: 99 } : {}),
        output_options: [{ output: "stdout", flush: true }],
      },
    ],
    ...extra,
  };
  writeFileSync(configFile(folder), JSON.stringify({ DhcpDdns: config }, undefined, 2), { mode: 0o640 });
}
