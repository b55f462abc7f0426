/** Which sessions have begun, and when: in memory, and in a file where one is wanted, so that a restart goes on with them. */
import { appendFile, closeSync, constants, readFileSync, renameSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import type { ExtensionLog } from "@kotare/extension";
import { createFileSync, openRegularSync } from "../../base/regular-file.ts";

const append = promisify(appendFile);

/** Kea's. A row with zeros says that the address has no session any more. */
const HEADER = "address,seconds,milliseconds\n";
const ROW = /^([0-9a-f.:]+),(\d+),(\d+)$/;

interface HistoryFile {
  readonly path: string;
  readonly fd: number;
}

export class SessionHistory {
  readonly #file: HistoryFile | undefined;
  readonly #log: ExtensionLog;
  /** When each has begun, as its id has it, by address. */
  readonly #begun: Map<string, string>;
  /** Rows that are not in the file yet. */
  #rows = "";
  #writing: Promise<void> | undefined;
  #hasFailed = false;

  private constructor(begun: Map<string, string>, file: HistoryFile | undefined, log: ExtensionLog) {
    this.#begun = begun;
    this.#file = file;
    this.#log = log;
  }

  /**
   * Reads the file, and writes it anew with the sessions that have not ended.
   * @param path `undefined` for no file @throws Error when it cannot be read or written
   */
  static open(path: string | undefined, log: ExtensionLog): SessionHistory {
    if (path === undefined) return new SessionHistory(new Map(), undefined, log);
    const begun = readSessions(path);
    const fresh = `${path}.new`;
    const fd = createFileSync(fresh, 0o640);
    writeFileSync(fd, HEADER + [...begun].map(([address, time]) => rowOf(address, time)).join(""));
    renameSync(fresh, path);
    return new SessionHistory(begun, { path, fd }, log);
  }

  /** @returns when the session has begun; `undefined` where there is none */
  get(address: string): string | undefined {
    return this.#begun.get(address);
  }

  /** @param time as the session's id has it: seconds, and milliseconds with three digits */
  begin(address: string, time: string): void {
    if (this.#begun.get(address) === time) return;
    this.#begun.set(address, time);
    this.#add(rowOf(address, time));
  }

  end(address: string): void {
    if (this.#begun.delete(address)) this.#add(rowOf(address, "0.0"));
  }

  async close(): Promise<void> {
    await this.#writing;
    if (this.#file !== undefined) closeSync(this.#file.fd);
  }

  #add(row: string): void {
    if (this.#file === undefined) return;
    this.#rows += row;
    this.#writing ??= this.#write();
  }

  /** Beside service: a row that a crash loses makes a session begin twice. */
  async #write(): Promise<void> {
    const { path, fd } = this.#file!;
    while (this.#rows !== "") {
      const rows = this.#rows;
      this.#rows = "";
      try {
        await append(fd, rows);
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed) this.#log.warn(`${path} lacks sessions: ${(error as Error).message}`);
        this.#hasFailed = true;
      }
    }
    this.#writing = undefined;
  }
}

function rowOf(address: string, time: string): string {
  return `${address},${time.replace(".", ",")}\n`;
}

function readSessions(path: string): Map<string, string> {
  const begun = new Map<string, string>();
  for (const line of readOrNothing(path).split("\n")) {
    const [, address, seconds, milliseconds] = ROW.exec(line) ?? [];
    if (address === undefined) continue;
    if (seconds === "0" && milliseconds === "0") begun.delete(address);
    else begun.set(address, `${seconds}.${milliseconds!.padStart(3, "0")}`);
  }
  return begun;
}

function readOrNothing(path: string): string {
  let fd: number;
  try {
    fd = openRegularSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    // The first time there is none.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
  try {
    return readFileSync(fd, "latin1");
  } finally {
    closeSync(fd);
  }
}
