/** A PostgreSQL server of the test's own: in a private directory, on a private socket. Tests only. */
import { execFile } from "node:child_process";
import { accessSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fillFirst } from "@kotare/core/databases/testing/first-data";
import { Client } from "pg";

const run = promisify(execFile);
/** Debian's `nobody`: the server refuses to run as root. */
const NOBODY = 65_534;
const SETTINGS = ["listen_addresses=", "max_connections=50", "log_min_messages=fatal"];

export interface PostgresOptions {
  /** Default false: durability is the database's own business, and tested by it. */
  readonly isDurable?: boolean;
}

/**
 * Where the server's programs are; `undefined` when it is not installed.
 * @param top of the repository, for callers that are bundled
 */
export function findPostgres(top = join(import.meta.dirname, "../../../..")): string | undefined {
  const debian = join(top, ".cache/debian/root");
  for (const root of [debian, "/"]) {
    const versions = join(root, "usr/lib/postgresql");
    if (!existsSync(versions)) continue;
    for (const version of readdirSync(versions)) {
      const programs = join(versions, version, "bin");
      try {
        accessSync(join(programs, "initdb"));
        return programs;
      } catch {
        // The client alone.
      }
    }
  }
  return undefined;
}

export class PostgresServer {
  readonly folder: string;
  readonly #programs: string;

  readonly #options: PostgresOptions;

  private constructor(folder: string, programs: string, options: PostgresOptions) {
    this.folder = folder;
    this.#programs = programs;
    this.#options = options;
  }

  static async start(programs: string, options: PostgresOptions = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "kotare-pg-"));
    if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
    const server = new PostgresServer(folder, programs, options);
    await fillFirst(server.data, join(programs, "initdb"), () =>
      server.#run("initdb", "-D", server.data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"),
    );
    await server.resume();
    return server;
  }

  /** Lets it read a file that is for nobody else. */
  giveAway(file: string): void {
    if (process.getuid?.() === 0) chownSync(file, NOBODY, NOBODY);
  }

  get data(): string {
    return join(this.folder, "data");
  }

  /** @param more settings */
  async resume(...more: readonly string[]): Promise<void> {
    const sync = `fsync=${this.#options.isDurable === true ? "on" : "off"}`;
    const settings = [...SETTINGS, sync, `unix_socket_directories=${this.folder}`, ...more].map(
      (setting) => `-c ${setting}`,
    );
    await this.#run("pg_ctl", "-D", this.data, "-l", join(this.folder, "log"), "-w", "-o", settings.join(" "), "start");
  }

  async halt(): Promise<void> {
    await this.#run("pg_ctl", "-D", this.data, "-m", "immediate", "-w", "stop");
  }

  async stop(): Promise<void> {
    await this.halt().catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A new database, with what `sql` makes in it. */
  async createDatabase(name: string, sql: string): Promise<void> {
    await this.query("postgres", `CREATE DATABASE ${name}`);
    await this.query(name, sql);
  }

  query(database: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    return this.inSession(database, (run) => run(sql));
  }

  /** What is done in one connection. */
  async inSession<Result>(
    database: string,
    work: (run: (sql: string) => Promise<readonly Record<string, unknown>[]>) => Promise<Result>,
  ): Promise<Result> {
    const client = new Client({ host: this.folder, user: "postgres", database });
    await client.connect();
    try {
      return await work(async (sql) => (await client.query(sql)).rows ?? []);
    } finally {
      await client.end();
    }
  }

  async #run(program: string, ...args: readonly string[]): Promise<void> {
    const command = [join(this.#programs, program), ...args];
    const unprivileged = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
    const [first, ...rest] = process.getuid?.() === 0 ? [...unprivileged, ...command] : command;
    await run(first!, rest, { cwd: this.folder });
  }
}
