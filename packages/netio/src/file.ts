/** What a journal needs and Node lacks: write and sync as one step off the main thread, and a lock on an open file. */

import { constants } from "node:os";
import { commitByNode, lockByProgram } from "./file-by-node.ts";
import { native, nativeFault } from "./native.ts";
import { checkResult, systemError } from "./system-error.ts";

/**
 * Writes the first `length` of `bytes` at `position` and makes them durable (`pwrite` until all is written, then
 * `fdatasync`), as one job of the thread pool. Do not change `bytes` before it ends.
 * @throws an error whose `syscall` is `pwrite` (part may be written) or `fdatasync` (the file is not to be trusted again),
 *   and whose `code` is the errno's name.
 */
export const commitAt = nativeFault === undefined ? commitByAddon : commitByNode;

async function commitByAddon(fd: number, bytes: Uint8Array, length: number, position: number): Promise<void> {
  const result = await native.commit(fd, bytes, length, position);
  if (result > 0) throw systemError("pwrite", -result);
  if (result < 0) throw systemError("fdatasync", result);
}

/**
 * Takes the file's exclusive lock (`flock`), which ends with the descriptor or the process.
 * @returns false when someone else holds it.
 */
export function lockExclusive(fd: number): boolean {
  if (nativeFault !== undefined) return lockByProgram(fd);
  const result = native.lock(fd);
  if (result === -constants.errno.EWOULDBLOCK) return false;
  checkResult("flock", result);
  return true;
}
