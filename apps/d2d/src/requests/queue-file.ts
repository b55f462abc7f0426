/**
 * Requests on disk from before they are confirmed until they are carried out. A journal, so that a batch costs one write
 * and one sync, and a full or broken disk takes nothing away.
 */
import type { Clock, Milliseconds } from "@kotare/core/base/clock";
import { type Disk, systemDisk } from "@kotare/core/storage/disk";
import { Journal, type OpenFile } from "@kotare/core/storage/journal";
import { replaceFile } from "@kotare/core/storage/replace-file";
import type { RowWriter } from "@kotare/core/storage/row-writer";
import { AsideFile } from "./aside-file.ts";
import { type LoadedQueue, loadQueue } from "./load-queue.ts";
import type { QueueFileEvent } from "./queue-file-event.ts";
import { formatDone, formatTaken, type StoredRequest, sizeOf } from "./queue-lines.ts";

interface Entry {
  write(out: RowWriter): void;
  durable(): void;
  failed(error: Error): void;
}

/** Bytes of a file that is rewritten when more than half of it is of no use any more. */
const REWRITE_FROM = 1024 * 1024;
/** A file of 200,000 requests in one piece would take 64 MB several times over. */
const REWRITTEN_TOGETHER = 10_000;
/** How long it may take until it is written that a request is done with, when no other comes. */
const LATEST: Milliseconds = 500;
export interface QueueFileParts {
  readonly path: string;
  readonly clock: Clock;
  readonly report: (event: QueueFileEvent) => void;
  readonly disk?: Disk;
}

export class QueueFile {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #journal: Journal<Entry>;
  /** Durable and not done with, in order. */
  readonly #live: Map<number, StoredRequest>;
  readonly #aside: AsideFile;
  readonly #report: QueueFileParts["report"];
  #bytes = 0;
  /** Settled when all that was set aside is. */
  #lastAside: Promise<void> = Promise.resolve();
  /** Done with, and not written yet. */
  #done: number[] = [];
  #isRewriting = false;
  #flush: NodeJS.Timeout | undefined;
  /** The journal's file, which is locked. */
  #fd: number;

  private constructor(parts: QueueFileParts, disk: Disk, aside: AsideFile, fd: number, loaded: LoadedQueue) {
    this.#disk = disk;
    this.#path = parts.path;
    this.#report = parts.report;
    this.#aside = aside;
    this.#live = loaded.live;
    for (const { request } of loaded.live.values()) this.#bytes += sizeOf(request);
    this.#fd = fd;
    this.#journal = new Journal<Entry>(disk, { fd, end: loaded.end }, parts.clock, {
      written: () => {},
      // Each entry takes its own back.
      undo: () => {},
      replaceFile: () => this.#replaceFile(),
      report: parts.report,
    });
  }

  /** @throws when the file cannot be had, or another process has it */
  static async open(parts: QueueFileParts): Promise<QueueFile> {
    const { disk = systemDisk } = parts;
    // Behind a link it stays where it is.
    const path = await disk.follow(parts.path);
    const fd = await disk.openOrCreate(path);
    try {
      if (!disk.lock(fd)) throw new Error(`${path} is in use by another process`);
      const aside = new AsideFile(disk, path, () => parts.report({ kind: "aside-full" }));
      const file = new QueueFile({ ...parts, path }, disk, aside, fd, await loadQueue(disk, fd, aside, parts.report));
      // What is done with, and a line that a crash has cut off, stay behind.
      await file.#journal.exclusive(() => file.#replaceFile());
      return file;
    } catch (error) {
      await disk.close(fd);
      throw error;
    }
  }

  /** What was there when the file was opened, and is not done with. */
  get stored(): readonly StoredRequest[] {
    return [...this.#live.values()];
  }

  /** That all of them take, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when they are on disk. @throws when they are not */
  append(requests: readonly StoredRequest[]): Promise<void> {
    const done = this.#takeDone();
    return new Promise((resolve, reject) => {
      this.#journal.submit({
        write: (out) => {
          writeDone(done, out);
          writeTaken(requests, out);
        },
        durable: () => {
          for (const stored of requests) this.#hold(stored);
          this.#rewriteWhenGrown();
          resolve();
        },
        failed: (error) => {
          this.#done.push(...done);
          reject(error);
        },
      });
    });
  }

  /** Written with the next batch, or a little later: a write of its own would hold that one up. Should that be lost, the request is carried out again, in its old place. */
  finish(stored: StoredRequest): void {
    this.#release(stored);
    this.#markDone(stored.id);
  }

  /** Done with, though not carried out: it is kept beside the queue. */
  setAside(stored: StoredRequest, why: string): void {
    this.#release(stored);
    this.#lastAside = this.#aside
      .add(why, formatTaken(stored).trimEnd())
      .catch((error: Error) => this.#report({ kind: "aside-failed", error }))
      .then(() => this.#markDone(stored.id));
  }

  async close(): Promise<void> {
    await this.#lastAside;
    this.#writeDone();
    await this.#journal.drain();
    await this.#journal.exclusive(async (file) => {
      await this.#disk.close(file.fd);
      return file;
    });
  }

  #hold(stored: StoredRequest): void {
    this.#live.set(stored.id, stored);
    this.#bytes += sizeOf(stored.request);
  }

  #release(stored: StoredRequest): void {
    this.#live.delete(stored.id);
    this.#bytes -= sizeOf(stored.request);
  }

  #markDone(id: number): void {
    this.#done.push(id);
    this.#flush ??= setTimeout(() => this.#writeDone(), LATEST).unref();
  }

  #takeDone(): readonly number[] {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #writeDone(): void {
    const done = this.#takeDone();
    if (done.length === 0) return;
    this.#journal.submit({
      write: (out) => writeDone(done, out),
      durable: () => this.#rewriteWhenGrown(),
      failed: () => void this.#done.push(...done),
    });
  }

  #rewriteWhenGrown(): void {
    const { length } = this.#journal;
    if (this.#isRewriting || length < REWRITE_FROM || 2 * this.#bytes > length) return;
    this.#isRewriting = true;
    // A failure is the journal's to tell, when it writes the next time.
    void this.#journal
      .exclusive(() => this.#replaceFile())
      .catch((error: Error) => this.#journal.distrust(error))
      .finally(() => {
        this.#isRewriting = false;
      });
  }

  /** A new file of all that is durable and not done with; what comes to be done with meanwhile is written as such behind it. */
  async #replaceFile(): Promise<OpenFile> {
    const file = await replaceFile(this.#disk, this.#path, piecesOf([...this.#live.values()]), this.#fd);
    this.#fd = file.fd;
    return file;
  }
}

function* piecesOf(stored: readonly StoredRequest[]): Generator<Uint8Array> {
  for (let i = 0; i < stored.length; i += REWRITTEN_TOGETHER) {
    yield Buffer.from(
      stored
        .slice(i, i + REWRITTEN_TOGETHER)
        .map(formatTaken)
        .join(""),
    );
  }
}

function writeTaken(requests: readonly StoredRequest[], out: RowWriter): void {
  for (const stored of requests) out.utf8(formatTaken(stored));
}

function writeDone(ids: readonly number[], out: RowWriter): void {
  for (const id of ids) out.utf8(formatDone(id));
}
