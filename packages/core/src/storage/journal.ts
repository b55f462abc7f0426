/** The open end of a lease file: changes of many batches become one write and one sync, in order, or are given back. */
import type { Clock, Milliseconds } from "../base/clock.ts";
import type { Disk } from "./disk.ts";
import { RowWriter } from "./row-writer.ts";

/** A batch of changes on its way to the disk. */
export interface JournalEntry {
  /** Writes the rows; called when the write begins. */
  write(out: RowWriter): void;
  durable(): void;
  failed(error: Error): void;
}

/** An open file and where its next row goes: everything before that is durable and whole. */
export interface OpenFile {
  readonly fd: number;
  readonly end: number;
}

export interface JournalOwner<Entry> {
  /** Rows that have just become durable; the bytes are used again. */
  written(rows: Uint8Array): void;
  /** Undoes everything that is not durable, these entries included, last one first, before anyone else looks. */
  undo(entries: readonly Entry[]): void;
  /** Makes a new file of all durable leases; the old one is not to be trusted. */
  replaceFile(): Promise<OpenFile>;
  report(event: JournalEvent): void;
}

export type JournalEvent =
  | { readonly kind: "write-failed"; readonly error: Error; readonly retryAfter: Milliseconds }
  | { readonly kind: "write-recovered" };

/**
 * How the file is: `sound`; `torn` when a write failed, and the rows behind the last good one must be cut off before
 * the next; `untrusted` when a sync failed: the kernel may have forgotten what it could not write, and would call the
 * next sync a success.
 */
type Condition = "sound" | "torn" | "untrusted";

const SYNCS = new Set<unknown>(["fsync", "fdatasync"]);

const FIRST_PAUSE: Milliseconds = 100;
const LONGEST_PAUSE: Milliseconds = 10_000;

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export class Journal<Entry extends JournalEntry> {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #owner: JournalOwner<Entry>;
  readonly #rows = new RowWriter(64 * 1024);
  #file: OpenFile;
  #condition: Condition = "sound";
  #waiting: Entry[] = [];
  #writing: readonly Entry[] = [];
  #turns: (() => Promise<void>)[] = [];
  /** Ends when there is nothing to do. */
  #running: Promise<void> | undefined;
  #lastError: Error | undefined;
  #pause: Milliseconds = 0;
  #retryAt: Milliseconds = 0;

  constructor(disk: Disk, file: OpenFile, clock: Clock, owner: JournalOwner<Entry>) {
    this.#disk = disk;
    this.#file = file;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** Bytes in the file. */
  get length(): number {
    return this.#file.end;
  }

  /** Entries whose fate is open, oldest first. */
  get pending(): readonly Entry[] {
    return this.#waiting.length === 0 ? this.#writing : [...this.#writing, ...this.#waiting];
  }

  /** Exactly one of the entry's `durable` and `failed` is called, at once when the disk is known to be out of order. */
  submit(entry: Entry): void {
    this.#waiting.push(entry);
    if (this.#running !== undefined) return;
    if (this.#lastError !== undefined && this.#clock.monotonic() < this.#retryAt) this.#giveBack(this.#lastError);
    else this.#start();
  }

  /**
   * Runs `work` between two writes; entries wait meanwhile.
   * @param work gets the present file and returns the one to go on with
   */
  exclusive(work: (file: OpenFile) => Promise<OpenFile>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#turns.push(async () => {
        try {
          await this.#repair();
          this.#file = await work(this.#file);
          resolve();
        } catch (thrown) {
          reject(asError(thrown));
        }
      });
      this.#start();
    });
  }

  /** The file under our descriptor may not be the one that a restart would find: the next write begins with a new one. */
  distrust(error: Error): void {
    this.#condition = "untrusted";
    this.#lastError = error;
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      const turn = this.#turns.shift();
      if (turn !== undefined) await turn();
      else if (this.#waiting.length > 0) await this.#write();
      else break;
    }
    this.#running = undefined;
  }

  async #write(): Promise<void> {
    try {
      await this.#repair();
      this.#writing = this.#waiting;
      this.#waiting = [];
      const rows = this.#rows;
      rows.clear();
      for (const entry of this.#writing) entry.write(rows);
      const { fd, end } = this.#file;
      if (rows.length > 0) {
        // Until it has succeeded, the file may end in any part of these rows.
        this.#condition = "torn";
        await this.#disk.commitAt(fd, rows.bytes, rows.length, end);
        this.#condition = "sound";
      }
      this.#file = { fd, end: end + rows.length };
    } catch (thrown) {
      this.#fail(asError(thrown));
      return;
    }
    this.#owner.written(this.#rows.bytes.subarray(0, this.#rows.length));
    const settled = this.#writing;
    this.#writing = [];
    if (this.#lastError !== undefined) {
      this.#lastError = undefined;
      this.#pause = 0;
      this.#owner.report({ kind: "write-recovered" });
    }
    for (const entry of settled) entry.durable();
  }

  async #repair(): Promise<void> {
    if (this.#condition === "torn") {
      await this.#disk.truncate(this.#file.fd, this.#file.end);
      this.#condition = "sound";
    }
    if (this.#condition === "sound") return;
    this.#condition = "sound";
    try {
      this.#file = await this.#owner.replaceFile();
    } catch (error) {
      this.#condition = "untrusted";
      throw error;
    }
    // The new file itself may have been called into doubt.
    if (this.#condition !== "sound") throw this.#lastError ?? new Error("the new lease file is not durable");
  }

  #fail(error: Error): void {
    if (this.#condition === "torn" && "syscall" in error && SYNCS.has(error.syscall)) this.#condition = "untrusted";
    this.#pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, 2 * this.#pause));
    this.#retryAt = this.#clock.monotonic() + this.#pause;
    this.#lastError = error;
    this.#giveBack(error);
    this.#owner.report({ kind: "write-failed", error, retryAfter: this.#pause });
  }

  #giveBack(error: Error): void {
    const entries = this.pending;
    this.#writing = [];
    this.#waiting = [];
    this.#owner.undo(entries);
    for (const entry of entries) entry.failed(error);
  }
}
