/** The files of one lease database, named as Kea names them, and who else may be at them. */
import { readFileSync, statSync } from "node:fs";
import { latin1 } from "../../base/bytes.ts";
import { nameOfProcess } from "../../base/process-name.ts";
import type { Disk } from "../../storage/disk.ts";
import { StorageError } from "../../storage/storage-error.ts";

export interface LeaseFiles {
  readonly live: string;
  /** Kea's clean-up: the result of the last run, the input of a run that has not ended, its output, its whole output. */
  readonly previous: string;
  readonly rotated: string;
  readonly output: string;
  readonly completed: string;
  readonly pid: string;
  /** Ours: what takes the place of a live file whose sync has failed, until it is whole. */
  readonly replacement: string;
  /** Ours: rows that could not be read, what stood in the place of a live file that was moved, and the lock against a second daemon. */
  readonly bad: string;
  readonly found: string;
  readonly lock: string;
}

export function nameLeaseFiles(live: string): LeaseFiles {
  return {
    live,
    previous: `${live}.2`,
    rotated: `${live}.1`,
    output: `${live}.output`,
    completed: `${live}.completed`,
    pid: `${live}.pid`,
    replacement: `${live}.new`,
    bad: `${live}.bad`,
    found: `${live}.found`,
    lock: `${live}.lock`,
  };
}

/**
 * Takes the lock that keeps a second daemon away, until the descriptor is closed.
 * @throws StorageError when another daemon or Kea's clean-up is at the files
 */
export async function lockLeaseFiles(disk: Disk, files: LeaseFiles): Promise<number> {
  return lockBy(disk, files, await disk.openOrCreate(files.lock));
}

/**
 * Keeps a daemon away from files that are only read; makes no lock where no daemon has made one.
 * @throws StorageError as `lockLeaseFiles`
 */
export async function lockLeaseFilesToRead(disk: Disk, files: LeaseFiles): Promise<number | undefined> {
  const fd = await disk.openToRead(files.lock);
  return fd === undefined ? undefined : lockBy(disk, files, fd);
}

async function lockBy(disk: Disk, files: LeaseFiles, fd: number): Promise<number> {
  try {
    if (!disk.lock(fd)) {
      const holder = findLockHolder(files.lock);
      const who = holder === undefined ? "it" : `process ${holder}`;
      throw new StorageError(
        `${files.live} is in use by another daemon (${who} holds ${files.lock}): stop that one, or give each its own file`,
        { isInUse: true },
      );
    }
    const lfc = await findRunningLfc(disk, files.pid);
    if (lfc !== undefined) {
      throw new StorageError(
        `Kea's clean-up (kea-lfc, process ${lfc} in ${files.pid}) is rewriting ${files.live}: wait until it has ended`,
        { isInUse: true },
      );
    }
    return fd;
  } catch (error) {
    await disk.close(fd);
    throw error;
  }
}

/** The process named in the pid file, if it lives and is what Kea runs; a number that came to be used again is not. */
async function findRunningLfc(disk: Disk, pidFile: string): Promise<number | undefined> {
  const fd = await disk.openToRead(pidFile);
  if (fd === undefined) return undefined;
  const bytes = new Uint8Array(16);
  const length = await disk.read(fd, bytes, 0);
  await disk.close(fd);
  const pid = Number.parseInt(latin1(bytes.subarray(0, length)), 10);
  return pid > 0 && nameOfProcess(pid).startsWith("kea-") ? pid : undefined;
}

/** The process that has a lock on a file, as far as the kernel shows it. */
function findLockHolder(file: string): number | undefined {
  try {
    const { ino } = statSync(file);
    for (const line of readFileSync("/proc/locks", "latin1").split("\n")) {
      // `3: FLOCK  ADVISORY  WRITE 708 00:15:1134 0 EOF`; process 0 is in a namespace that we do not see.
      const [, pid, inode] = / FLOCK +\S+ +\S+ +(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /.exec(line) ?? [];
      if (Number(inode) === ino && Number(pid) > 0) return Number(pid);
    }
  } catch {
    // Nobody needs to know: the lock counts, whoever has it.
  }
  return undefined;
}
