/** Puts a new file in the place of one that a journal writes to. */
import type { Disk } from "./disk.ts";
import type { OpenFile } from "./journal.ts";

/**
 * The new file is durable in its place when this resolves; where it rejects, the old one is what it was.
 * @param pieces what it begins with
 * @param old descriptor of the file that is there, which is closed
 * @returns the new one, locked
 */
export async function replaceFile(
  disk: Disk,
  path: string,
  pieces: Iterable<Uint8Array>,
  old: number,
): Promise<OpenFile> {
  const next = `${path}.new`;
  await disk.remove(next);
  const fd = await disk.openOrCreate(next);
  try {
    disk.lock(fd);
    let end = 0;
    for (const piece of pieces) {
      await disk.commitAt(fd, piece, piece.length, end);
      end += piece.length;
    }
    await disk.rename(next, path);
    await disk.syncDirectory(path);
    // Nobody needs it any more, whatever the disk says to that.
    await disk.close(old).catch(() => undefined);
    return { fd, end };
  } catch (error) {
    await disk.close(fd);
    throw error;
  }
}
