/**
 * A forensic log in Kea's table `logs`: what is appended is there before that is said, unless the database is away, slow or full.
 * Then entries wait in memory, so many, and go there when it takes them again.
 */
import type { ExtensionLog } from "@kotare/extension";
import type { Clock, Milliseconds } from "../../base/clock.ts";
import { sleep } from "../../base/timer.ts";
import { withinTime } from "../../base/within-time.ts";
import type { LogRow, LogTable } from "../../databases/log-table.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import type { LegalEntry, LegalStore } from "./legal-store.ts";

export interface LegalDatabaseOptions {
  /** As the log calls it. */
  readonly name: string;
  /** Whether clients get no answers while their entries cannot be written. */
  readonly stopsService: boolean;
  /** Entries that may wait. */
  readonly mostWaiting?: number;
  /** For how long clients wait for the database, before it counts as one that does not take entries. */
  readonly patience?: Milliseconds;
  /** Between two tries to write. */
  readonly pause?: Milliseconds;
}

/** Some ten megabytes. */
const MOST_WAITING = 20_000;
const PATIENCE: Milliseconds = 2000;
const PAUSE: Milliseconds = 1000;
/** The end does not wait longer for entries to be written. */
const FAREWELL: Milliseconds = 5000;
/** Of one statement. */
const MOST_ROWS = 256;
const MOST_CHARACTERS = 1_000_000;
/** Of an entry: no more bytes than MySQL's TEXT takes. */
const LONGEST = 16_000;

interface Waiter {
  /** Of the entries ever taken, how many must be settled. */
  readonly count: number;
  readonly done: () => void;
  readonly fail: (error: Error) => void;
}

export class LegalDatabase implements LegalStore {
  readonly #options: LegalDatabaseOptions & { readonly mostWaiting: number; readonly patience: Milliseconds };
  readonly #clock: Pick<Clock, "wall" | "monotonic">;
  readonly #log: Pick<ExtensionLog, "info" | "warn">;
  readonly #ending = new AbortController();
  #waiting: LogRow[] = [];
  #waiters: Waiter[] = [];
  /** Entries ever taken, and those of them that are written or missing. */
  #taken = 0;
  #settled = 0;
  /** Missing, and not yet said so in the table. */
  #missing = 0;
  /** Since when the database does not take entries, and how many are missing since. */
  #trouble: { readonly since: Milliseconds; missing: number } | undefined;
  #writing: Promise<void> | undefined;
  #table: LogTable | undefined;

  private constructor(
    options: LegalDatabaseOptions,
    clock: Pick<Clock, "wall" | "monotonic">,
    log: Pick<ExtensionLog, "info" | "warn">,
  ) {
    this.#options = {
      ...options,
      mostWaiting: options.mostWaiting ?? MOST_WAITING,
      patience: options.patience ?? PATIENCE,
    };
    this.#clock = clock;
    this.#log = log;
  }

  /** @param openTable is given whom to tell what becomes of the connection; when it rejects, so does this */
  static async open(
    options: LegalDatabaseOptions,
    openTable: (report: (event: ConnectionEvent) => void) => Promise<LogTable>,
    clock: Pick<Clock, "wall" | "monotonic">,
    log: Pick<ExtensionLog, "info" | "warn">,
  ): Promise<LegalDatabase> {
    const database = new LegalDatabase(options, clock, log);
    database.#table = await openTable((event) => database.#heed(event));
    return database;
  }

  async append(entries: readonly LegalEntry[]): Promise<void> {
    const at = Math.floor(1000 * this.#clock.wall());
    for (const { address = null, text } of entries) this.#waiting.push({ at, address, log: readable(text) });
    this.#taken += entries.length;
    this.#bound();
    this.#writing ??= this.#write();
    try {
      await this.#settle(this.#taken);
    } catch (error) {
      if (this.#options.stopsService) throw error;
    }
  }

  /** Rejects when that takes too long, and at once when it would. */
  async #settle(count: number): Promise<void> {
    if (this.#trouble !== undefined) throw new Error("the database does not take the forensic log");
    const { patience } = this.#options;
    const settled = new Promise<void>((done, fail) => this.#waiters.push({ count, done, fail }));
    try {
      await withinTime(settled, patience, `no answer for ${patience / 1000} s`);
    } catch (error) {
      this.#begin(error as Error);
      throw error;
    }
  }

  async #write(): Promise<void> {
    let isInDoubt = false;
    while (this.#waiting.length > 0) {
      const rows = this.#next();
      const missing = this.#missing;
      try {
        await this.#table!.insert([...this.#gap(), ...rows], isInDoubt);
        isInDoubt = false;
        this.#missing -= missing;
        this.#count(rows.length);
        this.#end();
      } catch (error) {
        // It may have been done all the same, and the answer lost.
        isInDoubt = true;
        this.#waiting.unshift(...rows);
        this.#bound();
        this.#begin(error as Error);
        if (this.#ending.signal.aborted) break;
        await sleep(this.#options.pause ?? PAUSE, this.#ending.signal).catch(() => {});
      }
    }
    this.#writing = undefined;
  }

  /** Those that one statement writes, which wait no more. */
  #next(): readonly LogRow[] {
    let characters = 0;
    const over = this.#waiting.findIndex(({ log }, i) => {
      characters += log.length;
      return i === MOST_ROWS || (i > 0 && characters > MOST_CHARACTERS);
    });
    return this.#waiting.splice(0, over < 0 ? this.#waiting.length : over);
  }

  #gap(): readonly LogRow[] {
    if (this.#missing === 0) return [];
    const log = `${this.#missing} entries are missing here that the database did not take in time`;
    return [{ at: this.#waiting[0]?.at ?? Math.floor(1000 * this.#clock.wall()), address: null, log }];
  }

  /** The oldest ones give way. */
  #bound(): void {
    const over = this.#waiting.length - this.#options.mostWaiting;
    if (over <= 0) return;
    this.#begin(new Error(`more than ${this.#options.mostWaiting} entries wait for it`));
    this.#waiting.splice(0, over);
    this.#missing += over;
    this.#trouble!.missing += over;
    this.#count(over);
  }

  #count(settled: number): void {
    this.#settled += settled;
    while (this.#waiters[0] !== undefined && this.#waiters[0].count <= this.#settled) this.#waiters.shift()!.done();
  }

  #heed(event: ConnectionEvent): void {
    if (event.kind === "lost") this.#begin(event.error);
    // Otherwise what waits shows whether it takes entries.
    else if (event.kind === "recovered" && this.#writing === undefined) this.#end();
  }

  #begin(error: Error): void {
    if (this.#trouble !== undefined) return;
    this.#trouble = { since: this.#clock.monotonic(), missing: 0 };
    const { name, stopsService, mostWaiting } = this.#options;
    const consequence = stopsService ? "clients get no answers until it does" : "service goes on";
    this.#log.warn(
      `${name} does not take the forensic log: ${error.message}; ${consequence}, and up to ${mostWaiting} entries wait`,
    );
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { fail } of waiters) fail(error);
  }

  #end(): void {
    if (this.#trouble === undefined || this.#waiting.length > 0) return;
    const { since, missing } = this.#trouble;
    this.#trouble = undefined;
    const seconds = Math.round((this.#clock.monotonic() - since) / 1000);
    const what = missing === 0 ? "no entry is missing" : `${missing} entries are missing`;
    this.#log.info(`${this.#options.name} takes the forensic log again, after ${seconds} s: ${what}`);
  }

  /** Resolves when all is written, or cannot be. */
  async close(): Promise<void> {
    if (this.#trouble === undefined && this.#writing !== undefined) {
      await withinTime(this.#writing, FAREWELL, "").catch(() => {});
    }
    this.#ending.abort();
    await this.#table?.close();
    await this.#writing;
    const lost = this.#taken - this.#settled;
    if (lost > 0)
      this.#log.warn(`${lost} entries of the forensic log are lost: ${this.#options.name} did not take them`);
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Text, where the bytes are one; else one character for each. No database takes NUL, nor text of any length. */
function readable(bytes: string): string {
  const text = (/^\p{ASCII}*$/u.test(bytes) ? bytes : decode(bytes)).replaceAll("\0", "\ufffd");
  return text.length > LONGEST ? text.slice(0, LONGEST) : text;
}

function decode(bytes: string): string {
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return bytes;
  }
}
