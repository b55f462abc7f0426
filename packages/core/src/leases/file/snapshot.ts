/** A new lease file in the making: all leases in small steps, and whatever becomes true meanwhile, in order. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Pace } from "../../base/pace.ts";
import type { Disk } from "../../storage/disk.ts";
import type { OpenFile } from "../../storage/journal.ts";
import { RowWriter } from "../../storage/row-writer.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import type { Lease } from "../model/lease.ts";
import type { LeaseFiles } from "./lease-files.ts";

/** Steps that are written and synced together. Syncing often keeps the disk free for the commits beside it. */
const STEPS_PER_WRITE = 4;

export class Snapshot {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #fd: number;
  readonly #step: number;
  #end = 0;
  #rows: RowWriter;
  #spare: RowWriter;
  #abandoned = false;

  private constructor(disk: Disk, path: string, fd: number, header: Uint8Array, step: number) {
    this.#disk = disk;
    this.#path = path;
    this.#fd = fd;
    this.#step = step;
    this.#rows = new RowWriter(STEPS_PER_WRITE * step);
    this.#spare = new RowWriter(STEPS_PER_WRITE * step);
    this.#rows.copy(header);
  }

  /** @param step bytes to encode before others have their turn, if they do not have it sooner */
  static async create(disk: Disk, path: string, header: Uint8Array, step: number): Promise<Snapshot> {
    await disk.remove(path);
    return new Snapshot(disk, path, await disk.openOrCreate(path), header, step);
  }

  /** For rows that are newer than anything written so far. */
  get rows(): RowWriter {
    return this.#rows;
  }

  /** Makes `fill` and `flush` fail: what they write is not wanted any more. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** Writes all of `leases`, which may change between the steps. */
  async fill<L extends Lease>(leases: Iterator<L>, csv: LeaseCsv<L>): Promise<void> {
    const pace = new Pace();
    for (;;) {
      const stop = this.#rows.length + this.#step;
      while (this.#rows.length < stop && !pace.isTurnOver) {
        const { done, value } = leases.next();
        if (done === true) return;
        csv.write(value, this.#rows);
      }
      if (this.#rows.length < STEPS_PER_WRITE * this.#step) await nextTurn();
      else await this.flush();
      await pace.rest();
      if (this.#abandoned) throw new Error("given up for another rewrite");
    }
  }

  /** Makes durable what was written so far. */
  async flush(): Promise<OpenFile> {
    if (this.#abandoned) throw new Error("given up for another rewrite");
    const rows = this.#rows;
    this.#rows = this.#spare;
    await this.#disk.commitAt(this.#fd, rows.bytes, rows.length, this.#end);
    this.#end += rows.length;
    rows.clear();
    this.#spare = rows;
    return { fd: this.#fd, end: this.#end };
  }

  /**
   * Puts the flushed file in the place of the live one; in force at once, durable after `syncDirectory`. When it
   * throws, the live file is the one that it was.
   * @param leftovers Kea's files beside the live one are in the new one too, and must go in an order in which every
   *   moment's files say the same: while `completed` is there, the other two are not read, and the live file is read
   *   after it. Then there is nothing in them that it would bring back.
   */
  async install(files: LeaseFiles, leftovers: boolean): Promise<void> {
    const disk = this.#disk;
    if (leftovers) {
      await disk.rename(this.#path, files.completed);
      await disk.syncDirectory(files.live);
      await disk.remove(files.previous);
      await disk.remove(files.rotated);
      await disk.syncDirectory(files.live);
    }
    await disk.rename(leftovers ? files.completed : this.#path, files.live);
  }

  /** Closes and removes what was written. */
  async discard(): Promise<void> {
    await this.#disk.close(this.#fd);
    await this.#disk.remove(this.#path);
  }
}
