/** A log file that is put aside when it has grown: `log`, `log.1`, `log.2`, …, as Kea names them. */
import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Milliseconds } from "../base/clock.ts";
import { PlainError } from "../base/plain-error.ts";
import { sleep } from "../base/timer.ts";
import type { Destination } from "./destination.ts";
import { ROTATION_MINIMUM } from "./logger-config.ts";

/** Readable by the daemon's group, not by the world: leases tell who is where (CVE-2025-32803). */
const FILE_MODE = 0o640;
const DIRECTORY_MODE = 0o750;
/** Where there is a pipe that nobody reads, to open it would never end; and that is what the end of the process waits for. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK;
const OWN = FLAGS | constants.O_CREAT | constants.O_NOFOLLOW;

/** Who reads a pipe may take nothing of it for so long; then lines are lost. */
const PATIENCE: Milliseconds = 5000;
const PAUSE: Milliseconds = 10;

export class FileDestination implements Destination {
  readonly path: string;
  /** Bytes; may be changed while in use. */
  maxsize: number;
  maxver: number;
  #handle: FileHandle | undefined;
  /** Not where it is a device or a pipe, which is nobody's to rename. */
  #mayRotate = false;
  #size = 0;
  #stale = false;
  /** Nobody reads what has been written. */
  #isStuck = false;

  constructor(path: string, maxsize: number, maxver: number) {
    this.path = path;
    this.maxsize = maxsize;
    this.maxver = maxver;
  }

  async write(lines: Uint8Array): Promise<void> {
    if (this.#stale) await this.close();
    let handle = await this.#open();
    if (
      this.#mayRotate &&
      this.maxsize >= ROTATION_MINIMUM &&
      this.#size > 0 &&
      this.#size + lines.length > this.maxsize
    ) {
      await this.close();
      await this.#rotate();
      handle = await this.#open();
    }
    let at = 0;
    while (at < lines.length) {
      const written = await this.#writeSome(handle, lines, at);
      at += written;
      this.#size += written;
    }
  }

  /** Waits for room in a pipe that is full; not again where it has waited in vain. */
  async #writeSome(handle: FileHandle, lines: Uint8Array, at: number): Promise<number> {
    const end = performance.now() + (this.#isStuck ? 0 : PATIENCE);
    for (;;) {
      try {
        const { bytesWritten } = await handle.write(lines, at);
        this.#isStuck = false;
        return bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        this.#isStuck = performance.now() > end;
        if (this.#isStuck) throw error;
        await sleep(PAUSE);
      }
    }
  }

  /** A descriptor of its own: the handle may be in the middle of a write. Never rotates. */
  writeSync(lines: Uint8Array): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: DIRECTORY_MODE });
    const fd = openLogSync(this.path);
    try {
      let at = 0;
      while (at < lines.length) at += writeSync(fd, lines, at);
      this.#size = fstatSync(fd).size;
    } finally {
      closeSync(fd);
    }
  }

  reopen(): void {
    this.#stale = true;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#stale = false;
    await handle?.close();
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle === undefined) {
      await mkdir(dirname(this.path), { recursive: true, mode: DIRECTORY_MODE });
      this.#handle = await openLog(this.path);
      const stat = await this.#handle.stat();
      this.#size = stat.size;
      this.#mayRotate = stat.isFile();
    }
    return this.#handle;
  }

  async #rotate(): Promise<void> {
    for (let version = this.maxver; version >= 1; version--) {
      const from = version === 1 ? this.path : `${this.path}.${version - 1}`;
      await rename(from, `${this.path}.${version}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
    }
  }
}

/**
 * A file by its own name only: whoever may write to the folder could make a link to another's file. A device or a pipe behind
 * a link, such as `/dev/stdout`, loses nothing.
 */
async function openLog(path: string): Promise<FileHandle> {
  try {
    return await open(path, OWN, FILE_MODE);
  } catch (error) {
    if (!isLink(error)) throw error;
  }
  const handle = await open(path, FLAGS);
  if (!(await handle.stat()).isFile()) return handle;
  await handle.close();
  throw linkedFile(path);
}

/** As `openLog`. */
function openLogSync(path: string): number {
  try {
    return openSync(path, OWN, FILE_MODE);
  } catch (error) {
    if (!isLink(error)) throw error;
  }
  const fd = openSync(path, FLAGS);
  if (!fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw linkedFile(path);
}

function isLink(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ELOOP";
}

function linkedFile(path: string): PlainError {
  return new PlainError(`${path} is a link to a file: name the file itself`);
}
