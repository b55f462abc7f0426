/** What d2d can do nothing with, beside its queue and in the same form, each line below its reason: for the operator. */
import type { Disk } from "@kotare/core/storage/disk";

/** Bytes: the disk is the leases', too, and what comes in is anybody's on this host. */
const BOUND = 16 * 1024 * 1024;

export class AsideFile {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #onFull: () => void;
  #isFull = false;
  /** What is to be written next. */
  #text = "";
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param onFull told once when there is no room for what is added, which is then left out */
  constructor(disk: Disk, queue: string, onFull: () => void) {
    this.#disk = disk;
    this.#path = `${queue}.bad`;
    this.#onFull = onFull;
  }

  /**
   * Resolves when it is on disk; what comes together goes there together.
   * @param why the line's reason, without a line end, as the line is
   * @throws when the file cannot be written
   */
  add(why: string, line: string): Promise<void> {
    this.#text += `# ${why}\n${line}\n`;
    if (this.#next === undefined) {
      this.#next = this.#last.then(() => this.#write());
      this.#last = this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#text);
    this.#text = "";
    this.#next = undefined;
    const disk = this.#disk;
    const fd = await disk.openOrCreate(this.#path);
    try {
      const end = await disk.size(fd);
      if (end + bytes.length <= BOUND) {
        await disk.commitAt(fd, bytes, bytes.length, end);
        await disk.syncDirectory(this.#path);
        this.#isFull = false;
      } else if (!this.#isFull) {
        this.#isFull = true;
        this.#onFull();
      }
    } finally {
      await disk.close(fd);
    }
  }
}
