/** Kea's `memfile`: all leases in memory, and in a CSV file that has every lease before its client has it. */
import type { Clock, Seconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import { type Disk, systemDisk } from "../../storage/disk.ts";
import { Journal, type JournalOwner, type OpenFile } from "../../storage/journal.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import type { Lease } from "../model/lease.ts";
import type { LeaseTally, LeaseWatcher, Succession } from "../model/lease-store.ts";
import type { CheckedContext, InfoCheck } from "../user-context/extended-info.ts";
import type { Report } from "./lease-file-event.ts";
import { type LeaseFiles, lockLeaseFiles, nameLeaseFiles } from "./lease-files.ts";
import { LeaseSink, type SubnetCheck } from "./lease-sink.ts";
import { type LoadedFiles, loadLeaseFiles } from "./load-leases.ts";
import type { BatchOwner, BatchTable, MemfileBatch } from "./memfile-batch.ts";
import { Snapshot } from "./snapshot.ts";

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
/** A file that has not grown to twice its size and by so much more is left alone. */
const GROWTH = 8 * 1024 * 1024;

/** The table of a family, as far as its file is concerned. */
interface MemfileTable<L extends Lease> extends BatchTable<L> {
  readonly count: number;
  walk(): Iterator<L>;
  tally(): readonly LeaseTally[];
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
  /** Batches share the costs of a wake-up, a sync and a send; at 5,000 exchanges/s one gathers ten packets. */
  readonly gathers = true;
  /** The time that the lease file knows of, for `LeaseClock`; 0 when it is empty. */
  readonly newest: Seconds;
  readonly #disk: Disk;
  readonly #files: LeaseFiles;
  readonly #report: Report;
  readonly #clock: Clock;
  readonly #lock: number;
  readonly #rewriteStep: number;
  protected readonly table: Table;
  readonly #csv: LeaseCsv<L>;
  readonly #journal: Journal<MemfileBatch<L>>;
  protected readonly batchOwner: BatchOwner<L>;
  readonly #watchers: LeaseWatcher<L>[] = [];
  readonly #timer: Timer | undefined;
  readonly #looker: NodeJS.Timeout;
  /** The batch that has changed something and is not committed. */
  #open: MemfileBatch<L> | undefined;
  #fd: number;
  #leftovers: boolean;
  /** The file that is being written beside the live one. */
  #snapshot: Snapshot | undefined;
  #compaction: Promise<void> | undefined;
  #compactAgain = false;
  /** Times moved, and the file does not know yet. */
  #mustRewrite = false;
  #compactAt = Number.POSITIVE_INFINITY;
  #closed = false;
  /** The file is not where it was. */
  #isLost = false;
  #isLooking = false;

  protected constructor({ options, disk, files, lock, csv, table, newest, loaded }: OpenMemfile<L, Table>) {
    this.newest = newest;
    this.#disk = disk;
    this.#files = files;
    this.#report = options.report;
    this.#clock = options.clock;
    this.#lock = lock;
    this.#rewriteStep = options.rewriteStep ?? 256 * 1024;
    this.#csv = csv;
    this.table = table;
    this.#fd = loaded.file.fd;
    this.#leftovers = loaded.leftovers;
    const owner: JournalOwner<MemfileBatch<L>> = {
      written: (rows) => this.#written(rows),
      undo: (batches) => this.#undo(batches),
      replaceFile: () => this.#replaceFile(),
      report: options.report,
    };
    const journal = new Journal(this.#disk, loaded.file, options.clock, owner);
    this.#journal = journal;
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
    if (options.lfcInterval > 0) {
      this.#timer = Timer.every(options.lfcInterval * 1000, () => this.#compactSoon()).unref();
      this.#awaitGrowth();
    }
    this.#looker = setInterval(() => void this.lookForFile(), LOOK).unref();
    if (loaded.rewrite) this.#compactSoon();
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

  tally(): Promise<readonly LeaseTally[]> {
    return Promise.resolve(this.table.tally());
  }

  shift(seconds: Seconds): void {
    this.table.shift(seconds);
    for (const batch of this.#journal.pending) batch.shift(seconds);
    this.#open?.shift(seconds);
    // Also when one is being written: rows with the old times may be in it.
    this.#mustRewrite = true;
    this.#compactSoon();
  }

  /** Rewrites the file with one row a lease, beside service. Resolves when that is done or has failed, which is reported. */
  async compact(): Promise<void> {
    this.#compactSoon();
    await this.#compaction;
  }

  /** Begins a new file where ours has been moved or removed. Resolves when that is done or has failed: it is tried again. */
  async lookForFile(): Promise<void> {
    const { live } = this.#files;
    const isInPlace = (fd: number) => this.#disk.isAt(fd, live);
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      if (await isInPlace(this.#fd)) return;
      await this.#journal.exclusive(async (file) => {
        // It may just have been replaced.
        if (await isInPlace(file.fd)) return file;
        this.#lose();
        return this.#replaceFile();
      });
    } catch (thrown) {
      if (this.#isLost) this.#journal.distrust(thrown instanceof Error ? thrown : new Error(String(thrown)));
    } finally {
      this.#isLooking = false;
    }
  }

  /** Lets what is on its way become durable, moved times included. The batch that is open is undone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.stop();
    clearInterval(this.#looker);
    this.#undo([]);
    if (!this.#mustRewrite) this.#snapshot?.abandon();
    await this.#compaction;
    await this.lookForFile();
    await this.#journal.drain();
    await this.#disk.close(this.#fd);
    await this.#disk.close(this.#lock);
  }

  #claim(batch: MemfileBatch<L>): void {
    if (this.#open === batch) return;
    if (this.#closed) throw new Error("the lease file is closed");
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
    if (this.#open === batch) this.#undo([]);
  }

  #written(rows: Uint8Array): void {
    this.#snapshot?.rows.copy(rows);
    if (this.#compaction === undefined && this.#journal.length > this.#compactAt) this.#compactSoon();
  }

  #undo(batches: readonly MemfileBatch<L>[]): void {
    const open = this.#open;
    this.#open = undefined;
    for (const batch of open === undefined ? batches.toReversed() : [open, ...batches.toReversed()]) {
      batch.undo();
      if (this.#snapshot !== undefined) batch.writeReversal(this.#snapshot.rows);
    }
    open?.failed(new Error("another batch began before this one was committed"));
  }

  /** Nobody has been told of the pending changes: the new file begins without them, whatever was seen of them. */
  #writePendingReversals(snapshot: Snapshot): void {
    this.#open?.writeReversal(snapshot.rows);
    for (const batch of this.#journal.pending.toReversed()) batch.writeReversal(snapshot.rows);
  }

  #awaitGrowth(): void {
    this.#compactAt = 2 * this.#journal.length + GROWTH;
  }

  #compactSoon(): void {
    if (this.#closed) return;
    this.#compactAgain = true;
    this.#compaction ??= this.#runCompactions();
  }

  async #runCompactions(): Promise<void> {
    while (this.#compactAgain && (this.#mustRewrite || !this.#closed)) {
      this.#compactAgain = false;
      await this.#compactOnce().catch((error: Error) => {
        if (!this.#closed) this.#report({ kind: "compaction-failed", error });
      });
      if (this.#timer !== undefined) this.#awaitGrowth();
    }
    this.#compaction = undefined;
  }

  async #compactOnce(): Promise<void> {
    const began = this.#clock.monotonic();
    this.#report({ kind: "compaction-began", bytes: this.#journal.length });
    const snapshot = await Snapshot.create(this.#disk, this.#files.output, this.#csv.header, this.#rewriteStep);
    let installed = false;
    try {
      // Between two writes, so that every row that becomes durable from here on is seen.
      await this.#journal.exclusive(async (file) => {
        this.#snapshot = snapshot;
        return file;
      });
      await snapshot.fill(this.table.walk(), this.#csv);
      await this.#journal.exclusive(async (old) => {
        const file = await this.#install(snapshot, old.fd);
        installed = true;
        return file;
      });
      // Unless they moved again.
      if (!this.#compactAgain) this.#mustRewrite = false;
    } finally {
      if (this.#snapshot === snapshot) this.#snapshot = undefined;
      if (!installed) await snapshot.discard();
    }
    this.#report({
      kind: "compaction-ended",
      bytes: this.#journal.length,
      milliseconds: this.#clock.monotonic() - began,
    });
  }

  #lose(): void {
    if (!this.#isLost) this.#report({ kind: "file-lost", file: this.#files.live });
    this.#isLost = true;
  }

  /** A sync has failed, or the old file is gone: what a restart would find, nobody knows. */
  async #replaceFile(): Promise<OpenFile> {
    this.#snapshot?.abandon();
    const snapshot = await Snapshot.create(this.#disk, this.#files.replacement, this.#csv.header, this.#rewriteStep);
    this.#snapshot = snapshot;
    let installed = false;
    try {
      await snapshot.fill(this.table.walk(), this.#csv);
      const file = await this.#install(snapshot, this.#fd);
      installed = true;
      return file;
    } finally {
      if (this.#snapshot === snapshot) this.#snapshot = undefined;
      if (!installed) await snapshot.discard();
    }
  }

  /** From its rename on there is no way back: when that cannot be made durable, nothing is acknowledged until a file is. */
  async #install(snapshot: Snapshot, oldFd: number): Promise<OpenFile> {
    this.#writePendingReversals(snapshot);
    const file = await snapshot.flush();
    const { live, found } = this.#files;
    if (!(await this.#disk.isAt(oldFd, live))) {
      this.#lose();
      // What somebody has put in its place is not ours to overwrite.
      await this.#disk.addName(live, found);
    }
    await snapshot.install(this.#files, this.#leftovers);
    this.#leftovers = false;
    this.#fd = file.fd;
    await this.#disk.syncDirectory(this.#files.live).catch((error: Error) => this.#journal.distrust(error));
    // Nobody needs it any more, whatever the disk says to that.
    await this.#disk.close(oldFd).catch(() => undefined);
    if (this.#isLost) this.#report({ kind: "file-begun", file: live });
    this.#isLost = false;
    return file;
  }
}
