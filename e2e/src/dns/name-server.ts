/** A real DNS server with zones that take only signed updates: BIND or Knot, in a folder of its own. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { run } from "../lab/lab.ts";
import { delay, Program, type Usage } from "../lab/program.ts";

export type NameServerMake = "bind" | "knot";

export interface Key {
  readonly name: string;
  /** As DNS servers write it: `hmac-sha256`. */
  readonly algorithm: string;
  readonly secret: string;
}

export const KEY: Key = { name: "lab-key", algorithm: "hmac-sha256", secret: "LSWXnfkKZjdPJI5QxlpnfQ==" };

export interface NameServerOptions {
  readonly make?: NameServerMake;
  readonly folder: string;
  readonly zones: readonly string[];
  readonly port?: number;
  readonly address?: string;
  readonly keys?: readonly Key[];
  /** Whether the keys allow updates; they do unless said otherwise. */
  readonly takesUpdates?: boolean;
  /** Starts it, in a host of the lab for example; on the lab's own loopback unless given. */
  readonly start?: (command: readonly string[]) => Program;
}

/** What goes through this process goes on meanwhile. */
const runBeside = promisify(execFile);

const PROGRAMS: Readonly<Record<NameServerMake, string>> = { bind: "named", knot: "knotd" };

export function programOf(make: NameServerMake): string {
  return PROGRAMS[make];
}

export class NameServer implements AsyncDisposable {
  readonly port: number;
  readonly address: string;
  #options: NameServerOptions;
  #program: Program;

  private constructor(options: NameServerOptions, program: Program) {
    this.#options = options;
    this.#program = program;
    this.port = portOf(options);
    this.address = addressOf(options);
  }

  static async start(options: NameServerOptions): Promise<NameServer> {
    mkdirSync(options.folder, { recursive: true });
    writeConfig(options);
    for (const zone of options.zones) writeFileSync(zoneFile(options, zone), zoneText());
    const server = new NameServer(options, launch(options));
    await server.#waitUntilAnswering();
    return server;
  }

  get usage(): Usage {
    return this.#program.usage();
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#program.stop(signal);
  }

  /** With the zones as they were when it stopped. */
  async restart(change: Partial<NameServerOptions> = {}): Promise<void> {
    this.#options = { ...this.#options, ...change };
    writeConfig(this.#options);
    this.#program = launch(this.#options);
    await this.#waitUntilAnswering();
  }

  /** Answers to a question, in any order: `[ "192.0.2.1" ]`. */
  ask(name: string, type: string): string[] {
    const lines = this.#dig("+short", name, type).split("\n");
    return lines.filter((line) => line !== "" && !line.startsWith(";")).sort();
  }

  /** The name that an address has. */
  askReverse(address: string): string[] {
    return this.#dig("+short", "-x", address).split("\n").filter(Boolean).sort();
  }

  /** Every record of a zone but those it began with, as `NAME TTL TYPE DATA`, in order. */
  async records(zone: string): Promise<string[]> {
    const { stdout } = await runBeside("dig", this.#question("+noall", "+answer", "+nocrypto", "axfr", zone), {
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout
      .split("\n")
      .map((line) => line.split(/\s+/))
      .filter(([name, , , type]) => name !== undefined && name !== "" && type !== "SOA" && type !== "NS")
      .filter(([name]) => name !== `ns.${zone}.`)
      .map(([name, ttl, , ...rest]) => [name, ttl, ...rest].join(" "))
      .sort();
  }

  #dig(...args: string[]): string {
    return run("dig", ...this.#question(...args));
  }

  #question(...args: string[]): string[] {
    return [`@${this.address}`, "-p", String(this.port), "+time=2", "+tries=2", ...args];
  }

  async #waitUntilAnswering(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      try {
        if (this.ask(this.#options.zones[0]!, "SOA").length > 0) return;
      } catch {
        // Not yet.
      }
      if (!this.#program.running) break;
      await delay(50);
    }
    throw new Error(
      `${this.#program.name} does not answer; see ${this.#options.folder}\n${this.#program.output.slice(-2000)}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

function portOf({ port = 5300 }: NameServerOptions): number {
  return port;
}

function addressOf({ address = "127.0.0.1" }: NameServerOptions): string {
  return address;
}

function launch(options: NameServerOptions): Program {
  const { make = "bind", folder, start = (command: readonly string[]) => new Program(command) } = options;
  const config = join(folder, "config");
  return start(make === "bind" ? ["named", "-f", "-c", config] : ["knotd", "-c", config]);
}

function zoneFile({ folder }: NameServerOptions, zone: string): string {
  return join(folder, `${zone}.zone`);
}

function zoneText(): string {
  return "$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 192.0.2.53\n";
}

function writeConfig(options: NameServerOptions): void {
  const { make = "bind" } = options;
  writeFileSync(join(options.folder, "config"), make === "bind" ? bindConfig(options) : knotConfig(options));
}

function bindConfig(options: NameServerOptions): string {
  const { folder, zones, keys = [KEY], takesUpdates = true } = options;
  const allowed = takesUpdates ? keys.map(({ name }) => `key "${name}";`).join(" ") : "none;";
  return `options {
  directory "${folder}"; pid-file "${folder}/pid"; session-keyfile "${folder}/session.key";
  listen-on port ${portOf(options)} { ${addressOf(options)}; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; notify no; allow-transfer { any; }; tcp-clients 1000;
};
controls { };
logging {
  // To stderr it would wait for us to read, and we for its answer to dig.
  channel file { file "${folder}/log"; severity info; };
  category default { file; }; category update { null; }; category update-security { null; };
};
${keys.map(({ name, algorithm, secret }) => `key "${name}" { algorithm ${algorithm}; secret "${secret}"; };`).join("\n")}
${zones.map((zone) => `zone "${zone}" { type primary; file "${zoneFile(options, zone)}"; allow-update { ${allowed} }; };`).join("\n")}
`;
}

function knotConfig(options: NameServerOptions): string {
  const { folder, zones, keys = [KEY] } = options;
  return `server:
  rundir: ${folder}
  listen: ${addressOf(options)}@${portOf(options)}
database:
  storage: ${folder}
log:
  - target: stderr
    any: info
key:
${keys.map(({ name, algorithm, secret }) => `  - id: ${name}\n    algorithm: ${algorithm}\n    secret: ${secret}`).join("\n")}
acl:
  - id: updates
    key: [${keys.map(({ name }) => name).join(", ")}]
    action: update
  - id: transfers
    address: 127.0.0.0/8
    action: transfer
zone:
${zones.map((zone) => `  - domain: ${zone}\n    file: ${zoneFile(options, zone)}\n    acl: [updates, transfers]`).join("\n")}
`;
}
