/** What `file.ts` does with the addon, without it: by Node and by programs that systems have. */

import { spawnSync } from "node:child_process";
import { fdatasync, write } from "node:fs";
import { constants } from "node:os";
import { promisify } from "node:util";
import { systemError } from "./system-error.ts";
import { thisSystem } from "./systems/this-system.ts";

const writeFile = promisify(write);
const syncFile = promisify(fdatasync);

/** As `commitAt`. */
export async function commitByNode(fd: number, bytes: Uint8Array, length: number, position: number): Promise<void> {
  if (position < 0 || length < 0 || length > bytes.length) throw new RangeError(`length ${length} at ${position}`);
  await naming("pwrite", async () => {
    for (let at = 0; at < length; ) at += (await writeFile(fd, bytes, at, length - at, position + at)).bytesWritten;
  });
  await naming("fdatasync", () => syncFile(fd));
}

async function naming(syscall: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw systemError(syscall, (error as NodeJS.ErrnoException).errno ?? -constants.errno.EIO);
  }
}

/** What the programs end with when somebody else has the lock; lockf has a number of its own, EX_TEMPFAIL. */
const TAKEN = [1, 75];

/**
 * As `lockExclusive`. The lock belongs to the open file, which is ours: so it stays when the program has ended.
 * @throws Error also where the system lacks the program
 */
export function lockByProgram(fd: number, { locker } = thisSystem): boolean {
  const [program, ...words] = locker;
  const { status, stderr, error } = spawnSync(program, words, {
    stdio: ["ignore", "ignore", "pipe", fd],
    encoding: "utf8",
  });
  if (error !== undefined) {
    const { errno, code } = error as NodeJS.ErrnoException;
    if (code === "EBADF") throw systemError("flock", errno!);
    throw new Error(`a file cannot be locked without the addon or the program ${program}: ${error.message}`);
  }
  if (status === 0) return true;
  if (TAKEN.includes(status ?? 0)) return false;
  throw new Error(`${program} cannot lock a file: ${stderr.trim() || `it ended with ${status}`}`);
}
