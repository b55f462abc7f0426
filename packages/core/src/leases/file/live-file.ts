/** The lease file at its path: rewritten beside service, replaced where it is not to be trusted, begun anew where it is gone. */
import type { Disk } from "../../storage/disk.ts";
import type { Journal, JournalEntry, OpenFile } from "../../storage/journal.ts";
import type { RowWriter } from "../../storage/row-writer.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import type { Lease } from "../model/lease.ts";
import type { Report } from "./lease-file-event.ts";
import type { LeaseFiles } from "./lease-files.ts";
import { Snapshot } from "./snapshot.ts";

export interface LiveFileParts<L extends Lease, Entry extends JournalEntry> {
  readonly disk: Disk;
  readonly files: LeaseFiles;
  readonly csv: LeaseCsv<L>;
  readonly report: Report;
  /** Bytes to encode at a time. */
  readonly step: number;
  /** The file's end. */
  readonly journal: Journal<Entry>;
  /** All that goes into a new file; may change meanwhile. */
  readonly leases: () => Iterator<L>;
  /** The rows that take back what is not durable yet. */
  readonly writeReversals: (out: RowWriter) => void;
}

export class LiveFile<L extends Lease, Entry extends JournalEntry> {
  readonly #parts: LiveFileParts<L, Entry>;
  #fd: number;
  /** Whether files of Kea's clean-up are beside it. */
  #hasLeftovers: boolean;
  /** The file that is being written beside the live one. */
  #snapshot: Snapshot | undefined;
  /** It is not where it was. */
  #isLost = false;
  #isLooking = false;

  constructor(parts: LiveFileParts<L, Entry>, fd: number, hasLeftovers: boolean) {
    this.#parts = parts;
    this.#fd = fd;
    this.#hasLeftovers = hasLeftovers;
  }

  /** Where rows go that become true while a new file is being written, if one is. */
  get rowsOfNext(): RowWriter | undefined {
    return this.#snapshot?.rows;
  }

  /** Replaces it by one that has each lease once. Rejects when that fails: then it is the one that it was. */
  async rewrite(): Promise<void> {
    const { files, journal } = this.#parts;
    await this.#writeNext(files.output, async (snapshot) => {
      // Between two writes, so that every row that becomes durable from here on is seen.
      await journal.exclusive(async (file) => {
        this.#snapshot = snapshot;
        return file;
      });
      await this.#fill(snapshot);
      await journal.exclusive((old) => this.#install(snapshot, old.fd));
    });
  }

  /** Has a rewrite that is under way fail. */
  abandonRewrite(): void {
    this.#snapshot?.abandon();
  }

  /**
   * Begins a new one between two writes: a sync has failed, or the old one is gone, and what a restart would find, nobody
   * knows.
   */
  async replace(): Promise<OpenFile> {
    this.abandonRewrite();
    return await this.#writeNext(this.#parts.files.replacement, async (snapshot) => {
      this.#snapshot = snapshot;
      await this.#fill(snapshot);
      return await this.#install(snapshot, this.#fd);
    });
  }

  /** Begins a new one where ours has been moved or removed. Resolves when that is done or has failed: it is tried again. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { disk, files, journal } = this.#parts;
    const isInPlace = (fd: number) => disk.isAt(fd, files.live);
    try {
      if (await isInPlace(this.#fd)) return;
      await journal.exclusive(async (file) => {
        // It may just have been replaced.
        if (await isInPlace(file.fd)) return file;
        this.#lose();
        return this.replace();
      });
    } catch (thrown) {
      if (this.#isLost) journal.distrust(thrown instanceof Error ? thrown : new Error(String(thrown)));
    } finally {
      this.#isLooking = false;
    }
  }

  async close(): Promise<void> {
    await this.#parts.disk.close(this.#fd);
  }

  /** @param write gets the new file into place, or leaves nothing of it */
  async #writeNext<T>(path: string, write: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const { disk, csv, step } = this.#parts;
    const snapshot = await Snapshot.create(disk, path, csv.header, step);
    let isWritten = false;
    try {
      const result = await write(snapshot);
      isWritten = true;
      return result;
    } finally {
      if (this.#snapshot === snapshot) this.#snapshot = undefined;
      if (!isWritten) await snapshot.discard();
    }
  }

  async #fill(snapshot: Snapshot): Promise<void> {
    await snapshot.fill(this.#parts.leases(), this.#parts.csv);
  }

  /** From its rename on there is no way back: when that cannot be made durable, nothing is acknowledged until a file is. */
  async #install(snapshot: Snapshot, oldFd: number): Promise<OpenFile> {
    const { disk, files, journal, report, writeReversals } = this.#parts;
    // Nobody has been told of the pending changes: the new file begins without them, whatever was seen of them.
    writeReversals(snapshot.rows);
    const file = await snapshot.flush();
    if (!(await disk.isAt(oldFd, files.live))) {
      this.#lose();
      // What somebody has put in its place is not ours to overwrite.
      await disk.addName(files.live, files.found);
    }
    await snapshot.install(files, this.#hasLeftovers);
    this.#hasLeftovers = false;
    this.#fd = file.fd;
    await disk.syncDirectory(files.live).catch((error: Error) => journal.distrust(error));
    // Nobody needs it any more, whatever the disk says to that.
    await disk.close(oldFd).catch(() => undefined);
    if (this.#isLost) report({ kind: "file-begun", file: files.live });
    this.#isLost = false;
    return file;
  }

  #lose(): void {
    const { files, report } = this.#parts;
    if (!this.#isLost) report({ kind: "file-lost", file: files.live });
    this.#isLost = true;
  }
}
