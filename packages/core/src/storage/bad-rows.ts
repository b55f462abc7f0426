/** Rows that could not be read, each below its reason, on their way to a file of their own: memory is bounded, and no row is lost. */

import type { Disk } from "./disk.ts";
import { NEWLINE, RowWriter } from "./row-writer.ts";

/** Bytes that are gathered before they are written. */
const TOGETHER = 1024 * 1024;

export class BadRows {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #rows = new RowWriter(4096);
  /** Of the file before anything was added; `undefined` while nothing has been. */
  #before: number | undefined;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  get isEmpty(): boolean {
    return this.#before === undefined && this.#rows.length === 0;
  }

  /** Whether it is time to write. */
  get isFull(): boolean {
    return this.#rows.length >= TOGETHER;
  }

  /** @param why one line of text */
  add(why: string, row: Uint8Array): void {
    this.#rows.copy(Buffer.from(`# ${why}\n`, "latin1"));
    this.#rows.copy(row);
    this.#rows.copy(Uint8Array.of(NEWLINE));
  }

  /** Appends what has been gathered, durably: the next rewrite of the lease file will not have it. */
  async write(): Promise<void> {
    if (this.#rows.length === 0) return;
    await this.#open(async (fd) => {
      const size = await this.#disk.size(fd);
      this.#before ??= size;
      await this.#disk.commitAt(fd, this.#rows.bytes, this.#rows.length, size);
      await this.#disk.syncDirectory(this.#path);
    });
    this.#rows.clear();
  }

  /** Takes everything out again: the rows stay where they were. */
  async takeBack(): Promise<void> {
    const size = this.#before;
    if (size !== undefined) await this.#open((fd) => this.#disk.truncate(fd, size));
  }

  async #open(use: (fd: number) => Promise<void>): Promise<void> {
    const fd = await this.#disk.openOrCreate(this.#path);
    await use(fd).finally(() => this.#disk.close(fd));
  }
}
