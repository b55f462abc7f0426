/**
 * The files of a forensic log: what is appended is on the disk before that is said. Where it cannot be, service goes on, and the
 * file says later what is missing.
 */
import { constants } from "node:fs";
import { join } from "node:path";
import type { ExtensionLog } from "@kotare/extension";
import { commitAt } from "@kotare/netio/file";
import type { Clock, Seconds } from "../../base/clock.ts";
import { openRegular } from "../../base/regular-file.ts";
import { TextWriter } from "../../ip/text-writer.ts";
import { compileDate } from "../../log/date-format.ts";
import { systemDisk } from "../../storage/disk.ts";
import { RareLog } from "../rare-log.ts";
import type { LegalEntry, LegalStore } from "./legal-store.ts";
import { nameLogFile, numberOf, type TimeUnit } from "./log-period.ts";

export interface LegalFileOptions {
  readonly folder: string;
  readonly baseName: string;
  readonly unit: TimeUnit;
  /** Units of time after which another file is begun; 0 for never. */
  readonly count: number;
  /** Of strftime, with `%Q`. */
  readonly timestamp: string;
  /** A file has been written for the last time, or is about to be for the first time. */
  readonly onRotate: (before: string, after: string) => void;
}

/** What it takes to write. */
export interface LegalDisk {
  /** For appending; made where there is none. */
  open(path: string): Promise<number>;
  /** Resolves when the bytes are on the disk. */
  append(fd: number, bytes: Uint8Array): Promise<void>;
  isAt(fd: number, path: string): Promise<boolean>;
  close(fd: number): Promise<void>;
}

/** Owner and group may read, nobody else: it says who is where. */
const MODE = 0o640;
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

export const legalDisk: LegalDisk = {
  async open(path) {
    const fd = await openRegular(path, FLAGS, MODE);
    await systemDisk.syncDirectory(path);
    return fd;
  },
  // The file is open for appending: where it is written to is not up to us, nor to another process that appends, too.
  append: (fd, bytes) => commitAt(fd, bytes, bytes.length, 0),
  isAt: systemDisk.isAt,
  close: systemDisk.close,
};

interface OpenedFile {
  readonly fd: number;
  readonly path: string;
  readonly unit: number;
}

interface Waiting {
  readonly text: string;
  readonly done: () => void;
}

/** How often is looked whether the file is still where it was. */
const LOOK: Seconds = 1;

export class LegalFile implements LegalStore {
  readonly #options: LegalFileOptions;
  readonly #clock: Clock;
  readonly #disk: LegalDisk;
  readonly #log: RareLog;
  readonly #date: ReturnType<typeof compileDate>;
  readonly #stamp = new TextWriter(64);
  #file: OpenedFile | undefined;
  #looked: Seconds;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** Entries that could not be written, and why. */
  #missing = 0;
  #why = "";

  private constructor(options: LegalFileOptions, clock: Clock, log: ExtensionLog, disk: LegalDisk) {
    this.#options = options;
    this.#clock = clock;
    this.#log = new RareLog(log);
    this.#disk = disk;
    this.#date = compileDate(options.timestamp, false);
    this.#looked = clock.wall();
  }

  /** Rejects when the file cannot be opened. */
  static async open(
    options: LegalFileOptions,
    clock: Clock,
    log: ExtensionLog,
    disk: LegalDisk = legalDisk,
  ): Promise<LegalFile> {
    const file = new LegalFile(options, clock, log, disk);
    file.#file = await file.#openNow();
    return file;
  }

  get path(): string {
    return this.#file?.path ?? "";
  }

  /** An entry as it stands in the file: each line with the time. */
  #stampLines(entry: string, time = this.#now()): string {
    const lines = entry.includes("\n") ? entry.split("\n") : [entry];
    return lines.map((line) => `${time} ${line}\n`).join("");
  }

  #now(): string {
    this.#stamp.clear();
    this.#date(this.#stamp, Math.floor(1000 * this.#clock.wall()));
    return this.#stamp.latin1(0);
  }

  append(entries: readonly LegalEntry[]): Promise<void> {
    const time = this.#now();
    const text = entries.map((entry) => this.#stampLines(entry.text, time)).join("");
    return new Promise((done) => {
      this.#waiting.push({ text, done });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const entries = this.#waiting;
      this.#waiting = [];
      const text = entries.map((entry) => entry.text).join("");
      try {
        const { fd } = await this.#current();
        const gap = this.#gap();
        await this.#disk.append(fd, Buffer.from(gap + text, "latin1"));
        if (gap !== "") this.#missing = 0;
      } catch (error) {
        await this.#miss(text, error as Error);
      }
      for (const { done } of entries) done();
    }
    this.#writing = undefined;
  }

  /** What may stand at the end of the file is half a line. */
  #gap(): string {
    if (this.#missing === 0) return "";
    return `\n${this.#stampLines(`${this.#missing} lines are missing here that could not be written: ${this.#why}`)}`;
  }

  async #miss(text: string, { message }: Error): Promise<void> {
    this.#missing += text.split("\n").length - 1;
    this.#why = message;
    this.#log.warn(`${this.#missing} lines could not be written to ${this.path}, and are missing there: ${message}`);
    // After a failed sync the kernel may have forgotten what it could not write.
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) await this.#disk.close(file.fd).catch(() => {});
  }

  async #current(): Promise<OpenedFile> {
    const now = this.#clock.wall();
    const file = this.#file;
    if (file === undefined || (await this.#isGone(file, now))) {
      this.#file = await this.#openNow();
      if (file !== undefined) await this.#disk.close(file.fd);
      return this.#file;
    }
    const { unit, count } = this.#options;
    if (count === 0 || numberOf(unit, now) - file.unit < count) return file;
    const next = await this.#openNow();
    this.#file = next;
    await this.#disk.close(file.fd);
    this.#options.onRotate(file.path, next.path);
    return next;
  }

  /** Somebody has moved it away. */
  async #isGone({ fd, path }: OpenedFile, now: Seconds): Promise<boolean> {
    if (Math.abs(now - this.#looked) < LOOK) return false;
    this.#looked = now;
    return !(await this.#disk.isAt(fd, path));
  }

  async #openNow(): Promise<OpenedFile> {
    const { folder, baseName, unit } = this.#options;
    const now = this.#clock.wall();
    const path = join(folder, nameLogFile(baseName, unit, now));
    return { fd: await this.#disk.open(path), path, unit: numberOf(unit, now) };
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    await this.#writing;
    this.#log.stop();
    if (this.#file !== undefined) await this.#disk.close(this.#file.fd);
    this.#file = undefined;
  }
}
