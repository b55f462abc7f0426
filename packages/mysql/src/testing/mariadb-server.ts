/** A MariaDB server of the test's own: in a private directory, on a private socket, open to everybody there. Tests only. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fillFirst } from "@kotare/core/databases/testing/first-data";
import { createConnection } from "mysql2/promise";

const NOBODY = 65_534;
const PATIENCE = 60_000;

/**
 * The folder that holds the server's `usr`; `undefined` when it is not installed.
 * @param top of the repository, for callers that are bundled
 */
export function findMariadb(top = join(import.meta.dirname, "../../../..")): string | undefined {
  const debian = join(top, ".cache/debian/root");
  return [debian, "/"].find((root) => existsSync(join(root, "usr/sbin/mariadbd")));
}

export class MariadbServer {
  readonly folder: string;
  readonly #root: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, root: string) {
    this.folder = folder;
    this.#root = root;
  }

  /** @param more of its options */
  static async start(root: string, ...more: readonly string[]): Promise<MariadbServer> {
    const folder = mkdtempSync(join(tmpdir(), "kotare-my-"));
    const server = new MariadbServer(folder, root);
    mkdirSync(server.data);
    if (process.getuid?.() === 0) for (const each of [folder, server.data]) chownSync(each, NOBODY, NOBODY);
    await fillFirst(server.data, server.#program, () => server.#makeSystemTables());
    await server.resume(...more);
    return server;
  }

  /** Lets it read a file that is for nobody else. */
  giveAway(file: string): void {
    if (process.getuid?.() === 0) chownSync(file, NOBODY, NOBODY);
  }

  get data(): string {
    return join(this.folder, "data");
  }

  get socket(): string {
    return join(this.folder, "socket");
  }

  /** What the installer makes; functions of a database are kept there. */
  async #makeSystemTables(): Promise<void> {
    const tables = readFileSync(join(this.#share, "mariadb_system_tables.sql"));
    const server = this.#spawn("--bootstrap");
    const exited = once(server, "exit");
    server.stdin!.end(Buffer.concat([Buffer.from("CREATE DATABASE mysql;\nUSE mysql;\n"), tables]));
    const [code] = await exited;
    if (code !== 0) throw new Error(`mariadbd --bootstrap ended with ${code}`);
  }

  /** @param more as for `start` */
  async resume(...more: readonly string[]): Promise<void> {
    this.#process = this.#spawn(
      `--socket=${this.socket}`,
      `--pid-file=${join(this.folder, "pid")}`,
      "--skip-networking",
      // Without users, whom only the installer makes.
      "--skip-grant-tables",
      // Survives the end of the server, not that of the machine.
      "--innodb-flush-log-at-trx-commit=2",
      ...more,
    );
    for (const until = performance.now() + PATIENCE; ; await pause(100)) {
      try {
        await this.query("", "SELECT 1");
        return;
      } catch (error) {
        if (performance.now() > until || !isRunning(this.#process)) throw error;
      }
    }
  }

  get #program(): string {
    return join(this.#root, "usr/sbin/mariadbd");
  }

  get #share(): string {
    return join(this.#root, "usr/share/mariadb");
  }

  #spawn(...more: readonly string[]): ChildProcess {
    const settings = [
      "--no-defaults",
      `--datadir=${this.data}`,
      `--tmpdir=${this.folder}`,
      `--lc-messages-dir=${this.#share}`,
      `--character-sets-dir=${join(this.#share, "charsets")}`,
      ...(process.getuid?.() === 0 ? ["--user=nobody"] : []),
      ...more,
    ];
    const env = { ...process.env, LD_LIBRARY_PATH: join(this.#root, "usr/lib/x86_64-linux-gnu") };
    return spawn(this.#program, settings, { env, stdio: ["pipe", "ignore", "ignore"], cwd: this.folder });
  }

  async halt(): Promise<void> {
    if (this.#process === undefined || !isRunning(this.#process)) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }

  async stop(): Promise<void> {
    await this.halt();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async createDatabase(name: string, statements: readonly string[]): Promise<void> {
    await this.query("", `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await this.query(name, ...statements);
  }

  /** @returns what the last statement selects */
  async query(database: string, ...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
    return this.inSession(database, async (run) => {
      let rows: readonly Record<string, unknown>[] = [];
      for (const statement of statements) rows = await run(statement);
      return rows;
    });
  }

  /** What is done in one connection. */
  async inSession<Result>(
    database: string,
    work: (run: (statement: string) => Promise<readonly Record<string, unknown>[]>) => Promise<Result>,
  ): Promise<Result> {
    const connection = await createConnection({
      socketPath: this.socket,
      user: "root",
      multipleStatements: true,
      ...(database !== "" && { database }),
    });
    try {
      return await work(async (statement) => {
        const [rows] = await connection.query(statement);
        return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
      });
    } finally {
      await connection.end();
    }
  }
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
