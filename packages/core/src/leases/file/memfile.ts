/** Kea's `memfile`: all leases in memory, and in a CSV file that has every lease before its client has it. */
import type { Clock, Seconds } from "../../base/clock.ts";
import { atPace } from "../../base/steps.ts";
import { type Disk, systemDisk } from "../../storage/disk.ts";
import { Journal } from "../../storage/journal.ts";
import type { RowWriter } from "../../storage/row-writer.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import { LeaseLimits } from "../limits/lease-limits.ts";
import type { Lease } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseTally, LeaseWatcher, Succession } from "../model/lease-store.ts";
import type { CheckedContext, InfoCheck } from "../user-context/extended-info.ts";
import { Compactions } from "./compactions.ts";
import type { Report } from "./lease-file-event.ts";
import { type LeaseFiles, lockLeaseFiles, nameLeaseFiles } from "./lease-files.ts";
import { LeaseSink, type SubnetCheck } from "./lease-sink.ts";
import { LiveFile } from "./live-file.ts";
import { type LoadedFiles, loadLeaseFiles } from "./load-leases.ts";
import type { BatchOwner, BatchTable, MemfileBatch } from "./memfile-batch.ts";

/** @typeParam Subject what an address to be checked is given by */
export interface MemfileOptions<Subject> {
  readonly path: string;
  /** Kea's `lfc-interval`: time between two rewrites of a file that grows; 0 for never. */
  readonly lfcInterval: Seconds;
  /** Kea's `max-row-errors`: bad rows allowed in a file; 0 for any number. */
  readonly maxRowErrors: number;
  readonly subnetCheck: SubnetCheck<Subject>;
  /** Kea's `sanity-checks.extended-info-checks`; none unless given. */
  readonly extendedInfoCheck?: InfoCheck;
  readonly clock: Clock;
  readonly report: Report;
  readonly disk?: Disk;
  /** Bytes to encode at a time when the file is rewritten; the default takes about a millisecond. */
  readonly rewriteStep?: number;
}

/** Milliseconds between two looks at whether the file is where it was. */
const LOOK = 1000;
/** Bytes to encode at a time when the file is rewritten. */
const REWRITE_STEP = 256 * 1024;

/** The table of a family, as far as its file is concerned. */
interface MemfileTable<L extends Lease> extends BatchTable<L> {
  readonly count: number;
  walk(): Iterator<L>;
  tally(): readonly LeaseTally[];
  limit(limits: LeaseLimits): Generator<void, void>;
  shift(seconds: Seconds): void;
}

/** What has been loaded, for the constructor. */
export interface OpenMemfile<L extends Lease, Table extends MemfileTable<L>> {
  readonly options: MemfileOptions<L>;
  readonly disk: Disk;
  readonly files: LeaseFiles;
  readonly lock: number;
  readonly csv: LeaseCsv<L>;
  readonly table: Table;
  readonly newest: Seconds;
  readonly loaded: LoadedFiles;
}

/**
 * Takes the lock and loads the lease files into the table.
 * @throws StorageError when they are in use, foreign, or have too many bad rows; else the disk's own error
 */
export async function openLeaseFiles<L extends Lease, Row extends L, Table extends MemfileTable<L>>(
  options: MemfileOptions<L>,
  csv: LeaseCsv<L, Row>,
  table: Table,
  checkInfo: (userContext: string, level: InfoCheck) => CheckedContext,
): Promise<OpenMemfile<L, Table>> {
  const disk = options.disk ?? systemDisk;
  // Behind a link the file stays where it is, and those beside it with it.
  const files = nameLeaseFiles(await disk.follow(options.path));
  // Nothing is made beside what is no file, as in /dev.
  const found = await disk.openToRead(files.live);
  if (found !== undefined) await disk.close(found);
  const lock = await lockLeaseFiles(disk, files);
  try {
    const level = options.extendedInfoCheck ?? "none";
    const checks = { subnet: options.subnetCheck, info: (userContext: string) => checkInfo(userContext, level) };
    const sink = new LeaseSink(csv, table, checks, options.report);
    const loaded = await loadLeaseFiles(disk, files, sink, options.maxRowErrors, options.report);
    return { options, disk, files, lock, csv, table, newest: sink.newest(), loaded };
  } catch (error) {
    await disk.close(lock);
    throw error;
  }
}

/** The store of a family adds how its leases are looked up. */
export abstract class Memfile<L extends Lease, Table extends MemfileTable<L>> {
  /** Those that wait are written together: a disk that takes 10 ms now and then holds up nobody. */
  readonly batchesInFlight = 8;
  /** Batches share the costs of a wake-up, a sync and a send; at 5,000 exchanges/s thirty packets gather. */
  readonly gathers = true;
  /** The time that the lease file knows of, for `LeaseClock`; 0 when it is empty. */
  readonly newest: Seconds;
  protected readonly table: Table;
  protected readonly batchOwner: BatchOwner<L>;
  readonly #disk: Disk;
  readonly #lock: number;
  readonly #journal: Journal<MemfileBatch<L>>;
  readonly #file: LiveFile<L, MemfileBatch<L>>;
  readonly #compactions: Compactions;
  readonly #looker: NodeJS.Timeout;
  readonly #watchers: LeaseWatcher<L>[] = [];
  /** The batch that has changed something and is not committed. */
  #open: MemfileBatch<L> | undefined;
  #isClosed = false;

  protected constructor({ options, disk, files, lock, csv, table, newest, loaded }: OpenMemfile<L, Table>) {
    const { report, clock, lfcInterval: interval, rewriteStep: step = REWRITE_STEP } = options;
    this.newest = newest;
    this.table = table;
    this.#disk = disk;
    this.#lock = lock;
    const journal = new Journal<MemfileBatch<L>>(disk, loaded.file, clock, {
      written: (rows) => this.#written(rows),
      undo: (batches) => this.#undo(batches),
      replaceFile: () => this.#file.replace(),
      report,
    });
    this.#journal = journal;
    const leases = () => table.walk();
    const writeReversals = (out: RowWriter) => this.#writeReversals(out);
    const fileParts = { disk, files, csv, report, step, journal, leases, writeReversals };
    this.#file = new LiveFile(fileParts, loaded.file.fd, loaded.leftovers);
    const length = () => journal.length;
    this.#compactions = new Compactions({ interval, clock, report, length, rewrite: () => this.#file.rewrite() });
    this.batchOwner = {
      table,
      csv,
      watchers: this.#watchers,
      succession: (_, after) => after,
      claim: (batch) => this.#claim(batch),
      release: (batch) => this.#release(batch),
      submit: (batch) => this.#submit(batch),
      abandon: (batch) => this.#abandon(batch),
      get isBehind() {
        return journal.pending.length > 0;
      },
    };
    this.#looker = setInterval(() => void this.lookForFile(), LOOK).unref();
    if (loaded.rewrite) this.#compactions.want();
  }

  get count(): number {
    return this.table.count;
  }

  succeed(succession: Succession<L>): void {
    this.batchOwner.succession = succession;
  }

  watch(watcher: LeaseWatcher<L>): void {
    this.#watchers.push(watcher);
  }

  limit(limits: readonly LeaseLimit[]): Promise<void> {
    return atPace(this.table.limit(new LeaseLimits(limits)));
  }

  tally(): Promise<readonly LeaseTally[]> {
    return Promise.resolve(this.table.tally());
  }

  shift(seconds: Seconds): void {
    this.table.shift(seconds);
    for (const batch of this.#journal.pending) batch.shift(seconds);
    this.#open?.shift(seconds);
    // Also when one is being written: rows with the old times may be in it.
    this.#compactions.need();
  }

  async compact(): Promise<void> {
    this.#compactions.want();
    await this.#compactions.ended();
  }

  /** Begins a new file where ours has been moved or removed. Resolves when that is done or has failed: it is tried again. */
  async lookForFile(): Promise<void> {
    await this.#file.look();
  }

  /** Lets what is on its way become durable, moved times included. The batch that is open is undone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#compactions.close();
    clearInterval(this.#looker);
    this.#undo([]);
    if (!this.#compactions.isNeeded) this.#file.abandonRewrite();
    await this.#compactions.ended();
    await this.lookForFile();
    await this.#journal.drain();
    await this.#file.close();
    await this.#disk.close(this.#lock);
  }

  #claim(batch: MemfileBatch<L>): void {
    if (this.#open === batch) return;
    if (this.#isClosed) throw new Error("the lease file is closed");
    if (this.#open !== undefined) this.#undo([]);
    this.#open = batch;
  }

  #release(batch: MemfileBatch<L>): void {
    if (this.#open === batch) this.#open = undefined;
  }

  #submit(batch: MemfileBatch<L>): void {
    this.#release(batch);
    this.#journal.submit(batch);
  }

  #abandon(batch: MemfileBatch<L>): void {
    if (this.#open !== batch) return;
    this.#open = undefined;
    this.#undoEach([batch]);
  }

  #written(rows: Uint8Array): void {
    this.#file.rowsOfNext?.copy(rows);
    this.#compactions.grown();
  }

  /** Undoes the open batch and these, the last one first. */
  #undo(batches: readonly MemfileBatch<L>[]): void {
    const open = this.#open;
    this.#open = undefined;
    this.#undoEach(open === undefined ? batches : [...batches, open]);
    open?.failed(new Error("another batch began before this one was committed"));
  }

  #undoEach(batches: readonly MemfileBatch<L>[]): void {
    for (const batch of batches.toReversed()) {
      batch.undo();
      if (this.#file.rowsOfNext !== undefined) batch.writeReversal(this.#file.rowsOfNext);
    }
  }

  /** Of all that is not durable yet, the last one first. */
  #writeReversals(out: RowWriter): void {
    this.#open?.writeReversal(out);
    for (const batch of this.#journal.pending.toReversed()) batch.writeReversal(out);
  }
}
