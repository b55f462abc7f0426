/** Kea's `memfile`: all leases in memory, and in a CSV file that has every lease before its client has it. */
import type { Clock, Seconds } from "../base/clock.ts";
import type { Ipv4 } from "../ip/ipv4.ts";
import { type Disk, systemDisk } from "./disk.ts";
import { Journal, type JournalOwner, type OpenFile } from "./journal.ts";
import type { Report } from "./lease-file-event.ts";
import { type LeaseFiles, lockLeaseFiles, nameLeaseFiles } from "./lease-files.ts";
import type { LeaseBatch, LeaseStore, PoolCursor, PoolRange } from "./lease-store.ts";
import { LeaseTable } from "./lease-table.ts";
import type { Lease4 } from "./lease4.ts";
import { lease4Csv, writeLease4 } from "./lease4-csv.ts";
import { Lease4Sink, type SubnetCheck } from "./lease4-sink.ts";
import { type LoadedFiles, loadLeaseFiles } from "./load-leases.ts";
import { type BatchOwner, MemfileBatch } from "./memfile-batch.ts";
import { Snapshot } from "./snapshot.ts";

export interface MemfileOptions {
  readonly path: string;
  /** Kea's `lfc-interval`: time between two rewrites of a file that grows; 0 for never. */
  readonly lfcInterval: Seconds;
  /** Kea's `max-row-errors`: bad rows allowed in a file; 0 for any number. */
  readonly maxRowErrors: number;
  readonly subnetCheck: SubnetCheck;
  readonly clock: Clock;
  readonly report: Report;
  readonly disk?: Disk;
  /** Bytes to encode at a time when the file is rewritten; the default takes about a millisecond. */
  readonly rewriteStep?: number;
}

/** A file that has not grown to twice its size and by so much more is left alone. */
const GROWTH = 8 * 1024 * 1024;

export class Memfile implements LeaseStore {
  /** The time that the lease file knows of, for `LeaseClock`; 0 when it is empty. */
  readonly newest: Seconds;
  readonly #disk: Disk;
  readonly #files: LeaseFiles;
  readonly #report: Report;
  readonly #clock: Clock;
  readonly #lock: number;
  readonly #rewriteStep: number;
  readonly #table: LeaseTable;
  readonly #journal: Journal<MemfileBatch>;
  readonly #batchOwner: BatchOwner;
  readonly #timer: NodeJS.Timeout | undefined;
  /** The batch that has changed something and is not committed. */
  #open: MemfileBatch | undefined;
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

  private constructor(
    options: MemfileOptions,
    files: LeaseFiles,
    lock: number,
    table: LeaseTable,
    newest: Seconds,
    loaded: LoadedFiles,
  ) {
    this.newest = newest;
    this.#disk = options.disk ?? systemDisk;
    this.#files = files;
    this.#report = options.report;
    this.#clock = options.clock;
    this.#lock = lock;
    this.#rewriteStep = options.rewriteStep ?? 256 * 1024;
    this.#table = table;
    this.#fd = loaded.file.fd;
    this.#leftovers = loaded.leftovers;
    const owner: JournalOwner<MemfileBatch> = {
      written: (rows) => this.#written(rows),
      undo: (batches) => this.#undo(batches),
      replaceFile: () => this.#replaceFile(),
      report: options.report,
    };
    this.#journal = new Journal(this.#disk, loaded.file, options.clock, owner);
    this.#batchOwner = {
      table,
      claim: (batch) => this.#claim(batch),
      release: (batch) => this.#release(batch),
      submit: (batch) => this.#submit(batch),
    };
    if (options.lfcInterval > 0) {
      this.#timer = setInterval(() => this.#compactSoon(), options.lfcInterval * 1000).unref();
      this.#awaitGrowth();
    }
    if (loaded.rewrite) this.#compactSoon();
  }

  /**
   * Takes the lock and loads the lease files.
   * @throws LeaseFileError when they are in use, foreign, or have too many bad rows; else the disk's own error
   */
  static async open(options: MemfileOptions): Promise<Memfile> {
    const disk = options.disk ?? systemDisk;
    const files = nameLeaseFiles(options.path);
    const lock = await lockLeaseFiles(disk, files);
    try {
      const table = new LeaseTable(options.clock.wall());
      const sink = new Lease4Sink(table, options.subnetCheck, options.report);
      const loaded = await loadLeaseFiles(disk, files, sink, options.maxRowErrors, options.report);
      return new Memfile(options, files, lock, table, sink.newest(), loaded);
    } catch (error) {
      await disk.close(lock);
      throw error;
    }
  }

  get count(): number {
    return this.#table.count;
  }

  /**
   * Changes show in the table at once. A batch that is not committed when the next one makes its first change is
   * undone: its own commit fails.
   */
  begin(): LeaseBatch {
    return new MemfileBatch(this.#batchOwner);
  }

  openPool(range: PoolRange): PoolCursor {
    return this.#table.openPool(range);
  }

  closePool(): void {
    // The table keeps nothing about a pool.
  }

  expired(now: Seconds, limit: number): readonly Lease4[] {
    return this.#table.expired(now, limit);
  }

  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): readonly Lease4[] {
    return this.#table.forgettable(now, holdReclaimed, limit);
  }

  page(after: Ipv4, limit: number): readonly Lease4[] {
    return this.#table.page(after, limit);
  }

  shift(seconds: Seconds): void {
    this.#table.shift(seconds);
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

  /** Lets what is on its way become durable, moved times included. The batch that is open is undone. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#undo([]);
    if (!this.#mustRewrite) this.#snapshot?.abandon();
    await this.#compaction;
    await this.#journal.drain();
    await this.#disk.close(this.#fd);
    await this.#disk.close(this.#lock);
  }

  #claim(batch: MemfileBatch): void {
    if (this.#open === batch) return;
    if (this.#closed) throw new Error("the lease file is closed");
    if (this.#open !== undefined) this.#undo([]);
    this.#open = batch;
  }

  #release(batch: MemfileBatch): void {
    if (this.#open === batch) this.#open = undefined;
  }

  #submit(batch: MemfileBatch): void {
    this.#release(batch);
    this.#journal.submit(batch);
  }

  #written(rows: Uint8Array): void {
    this.#snapshot?.rows.copy(rows);
    if (this.#compaction === undefined && this.#journal.length > this.#compactAt) this.#compactSoon();
  }

  #undo(batches: readonly MemfileBatch[]): void {
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
    const snapshot = await Snapshot.create(this.#disk, this.#files.output, lease4Csv.header, this.#rewriteStep);
    let installed = false;
    try {
      // Between two writes, so that every row that becomes durable from here on is seen.
      await this.#journal.exclusive(async (file) => {
        this.#snapshot = snapshot;
        return file;
      });
      await snapshot.fill(this.#table.walk(), writeLease4);
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

  /** A sync has failed: what the old file really holds, nobody knows. */
  async #replaceFile(): Promise<OpenFile> {
    this.#snapshot?.abandon();
    const snapshot = await Snapshot.create(this.#disk, this.#files.replacement, lease4Csv.header, this.#rewriteStep);
    this.#snapshot = snapshot;
    let installed = false;
    try {
      await snapshot.fill(this.#table.walk(), writeLease4);
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
    await snapshot.install(this.#files, this.#leftovers);
    this.#leftovers = false;
    this.#fd = file.fd;
    await this.#disk.syncDirectory(this.#files.live).catch((error: Error) => this.#journal.distrust(error));
    // Nobody needs it any more, whatever the disk says to that.
    await this.#disk.close(oldFd).catch(() => undefined);
    return file;
  }
}
