/** What d2d can do nothing with, beside its queue and in the same form, each line below its reason: for the operator. */
import type { Disk } from "@kotare/core/leases/disk";

/** Bytes: the disk is the leases', too, and what comes in is anybody's on this host. */
const BOUND = 16 * 1024 * 1024;

export class AsideFile {
  readonly path: string;
  readonly #disk: Disk;
  /** One after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(disk: Disk, queue: string) {
    this.#disk = disk;
    this.path = `${queue}.bad`;
  }

  /**
   * Resolves when it is on disk.
   * @param text whole lines
   * @returns false when the file is full: nothing is added then
   * @throws when it cannot be written
   */
  add(text: string): Promise<boolean> {
    const added = this.#last.then(() => this.#append(Buffer.from(text)));
    this.#last = added.catch(() => undefined);
    return added;
  }

  async #append(bytes: Uint8Array): Promise<boolean> {
    const disk = this.#disk;
    const fd = await disk.openOrCreate(this.path);
    try {
      const end = await disk.size(fd);
      if (end + bytes.length > BOUND) return false;
      await disk.commitAt(fd, bytes, bytes.length, end);
      await disk.syncDirectory(this.path);
      return true;
    } finally {
      await disk.close(fd);
    }
  }
}
