/**
 * The pid file, under Kea's name and in Kea's place, so that Kea and its successor never serve together. What counts
 * is the lock on it, which ends with the process: a file that a crash left behind is no obstacle.
 */
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, extname, join } from "node:path";
import { lockExclusive } from "@kotare/netio/file";
import { nameOfProcess } from "../base/process-name.ts";
import { openRegularSync } from "../base/regular-file.ts";

export type PidFileOutcome =
  | { readonly kind: "held"; readonly file: PidFile }
  /** Another instance serves this configuration. */
  | { readonly kind: "running"; readonly pid: number | undefined; readonly path: string }
  /** Cannot be written: a reason to warn, not to refuse service. */
  | { readonly kind: "unusable"; readonly path: string; readonly error: Error };

export class PidFile {
  readonly path: string;
  readonly #fd: number;

  constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  /** Removes the file. The lock goes last, so that nobody else's file is removed. */
  release(): void {
    if (isSameFile(this.path, this.#fd)) unlinkSync(this.path);
    closeSync(this.#fd);
  }
}

/**
 * `kea-dhcp4.conf` → `kea-dhcp4.kea-dhcp4.pid`.
 * @param program Kea's name for the daemon, e.g. `kea-dhcp4`
 */
export function pidFileName(configFile: string, program: string): string {
  return `${basename(configFile, extname(configFile))}.${program}.pid`;
}

/** Takes the pid file for this process. The directory is made when it is missing. */
export function takePidFile(directory: string, configFile: string, program: string): PidFileOutcome {
  const path = join(directory, pidFileName(configFile, program));
  try {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    for (;;) {
      const fd = openPidFile(path);
      const isLocked = lockExclusive(fd);
      const pid = readPid(fd);
      if (!isLocked || (pid !== process.pid && isRunning(pid, program))) {
        closeSync(fd);
        return { kind: "running", pid: Number.isNaN(pid) ? undefined : pid, path };
      }
      // The one who held it before may have removed it between our opening and our locking.
      if (isSameFile(path, fd)) {
        ftruncateSync(fd);
        writeSync(fd, `${process.pid}\n`, 0);
        return { kind: "held", file: new PidFile(path, fd) };
      }
      closeSync(fd);
    }
  } catch (error) {
    return { kind: "unusable", path, error: error as Error };
  }
}

/** A file left by another user, say by a run as root, is replaced where the directory allows it. */
function openPidFile(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    return openRegularSync(path, flags, 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    unlinkSync(path);
    return openRegularSync(path, flags, 0o644);
  }
}

/** NaN where there is none. */
function readPid(fd: number): number {
  const bytes = Buffer.alloc(16);
  return Number.parseInt(bytes.toString("latin1", 0, readSync(fd, bytes, 0, bytes.length, 0)), 10);
}

/** Kea takes no lock: it is known by its process. Any other process that now has this number is a stranger. */
function isRunning(pid: number, program: string): boolean {
  return pid > 0 && nameOfProcess(pid) === program.slice(0, 15);
}

function isSameFile(path: string, fd: number): boolean {
  const open = fstatSync(fd);
  const named = statSync(path, { throwIfNoEntry: false });
  return named !== undefined && named.ino === open.ino && named.dev === open.dev;
}
