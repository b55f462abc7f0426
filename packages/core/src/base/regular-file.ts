/**
 * Opens what must be a regular file: a pipe would be waited for, a device never ends, and a link that somebody has put where
 * we write leads to another's file.
 */
import { close, closeSync, constants, fstat, fstatSync, open, openSync, readSync, rmSync, type Stats } from "node:fs";
import { readlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { PlainError } from "./plain-error.ts";

/** What is there is something else than a regular file. */
export class NotRegularError extends PlainError {
  override readonly name = "NotRegularError";
}

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);

/** As the kernel's own bound. */
const MOST_LINKS = 40;

/**
 * @param flags with `O_NOFOLLOW` wherever others may write to the folder
 * @throws NotRegularError where there is something else; else Node's error
 */
export function openRegularSync(path: string, flags: number, mode?: number): number {
  let fd: number;
  try {
    fd = openSync(path, flags | constants.O_NONBLOCK, mode);
  } catch (error) {
    throw explain(error, path, flags);
  }
  const other = describeOther(fstatSync(fd), path);
  if (other === undefined) return fd;
  closeSync(fd);
  throw other;
}

/** As `openRegularSync`. */
export async function openRegular(path: string, flags: number, mode?: number): Promise<number> {
  const fd = await openFile(path, flags | constants.O_NONBLOCK, mode).catch((error: unknown) => {
    throw explain(error, path, flags);
  });
  const other = describeOther(await statFile(fd), path);
  if (other === undefined) return fd;
  await closeFile(fd);
  throw other;
}

/**
 * A small file that is ours to read, such as a secret; it may be behind a link.
 * @param most bytes that it may have
 * @throws NotRegularError where it is no file, or is longer; else Node's error
 */
export function readSmallFile(path: string, most: number): Buffer {
  const fd = openRegularSync(path, constants.O_RDONLY);
  try {
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length <= most; length += count) {
      count = readSync(fd, bytes, length, bytes.length - length, length);
    }
    if (length > most) throw new NotRegularError(`${path} has more than ${most} bytes`);
    return bytes.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}

/** Opens a new file to write to; what had its name, a link, too, is removed. */
export function createFileSync(path: string, mode: number): number {
  rmSync(path, { force: true });
  return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
}

/** Where a link leads, whether there is anything or not; the path itself where it is none. */
export async function followLinks(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = await readlink(at).catch(() => undefined);
    if (target === undefined) return at;
    at = resolve(dirname(at), target);
  }
  throw new NotRegularError(`${path} is a link that leads round in circles`);
}

function explain(error: unknown, path: string, flags: number): unknown {
  const isLink = error instanceof Error && "code" in error && error.code === "ELOOP";
  return isLink && (flags & constants.O_NOFOLLOW) !== 0 ? new NotRegularError(`${path} is a link`) : error;
}

function describeOther(stats: Stats, path: string): NotRegularError | undefined {
  return stats.isFile() ? undefined : new NotRegularError(`${path} is no regular file`);
}
