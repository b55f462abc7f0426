/** What the lease files ask of a disk, small enough that a test can be one: record, tear, fill up, fail. */
import { close, constants, fchown, fstat, fsync, ftruncate, link, open, read, rename, stat, unlink } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { commitAt, lockExclusive } from "@kotare/netio/file";
import { followLinks, NotRegularError, openRegular } from "../base/regular-file.ts";
import { StorageError } from "./storage-error.ts";

/**
 * Files are named by path and used by descriptor. Every method throws Node's system errors; nothing is durable that
 * is not said to be. What opens a file throws a StorageError where there is something else.
 */
export interface Disk {
  /** The path of the file that a link leads to, be it there or not; a path that is no link's as it is. */
  follow(path: string): Promise<string>;
  /** Opens an existing file for reading. @returns `undefined` when there is none */
  openToRead(path: string): Promise<number | undefined>;
  /** Opens a file, not a link to one, for reading and writing, and makes an empty one (mode 0640) when there is none. */
  openOrCreate(path: string): Promise<number>;
  size(fd: number): Promise<number>;
  /** @returns how many bytes were read into `bytes`; 0 at the end of the file */
  read(fd: number, bytes: Uint8Array, position: number): Promise<number>;
  /** Writes `bytes[0, length)` and makes them durable. The error's `syscall` says whether `pwrite` or `fdatasync` failed. */
  commitAt(fd: number, bytes: Uint8Array, length: number, position: number): Promise<void>;
  /** Sets the length and makes it and all content durable. */
  truncate(fd: number, length: number): Promise<void>;
  close(fd: number): Promise<void>;
  /** Durable after `syncDirectory`, like the making and removing of files. */
  rename(from: string, to: string): Promise<void>;
  /** No error when there is no such file. */
  remove(path: string): Promise<void>;
  /** Whether the path leads to the open file. */
  isAt(fd: number, path: string): Promise<boolean>;
  /** Gives the file at `path`, if there is one, a second name in place of what had it. */
  addName(path: string, name: string): Promise<void>;
  /** Makes the names in the folder of `path` durable. */
  syncDirectory(path: string): Promise<void>;
  /** Takes the lock of an open file until it is closed. @returns false when another process has it */
  lock(fd: number): boolean;
}

/** Owner and group may read, nobody else: leases say who is where (CVE-2025-32803). */
const MODE = 0o640;

const openFile = promisify(open);
const linkFile = promisify(link);
const closeFile = promisify(close);
const readFile = promisify(read);
const statFile = promisify(fstat);
const statPath = promisify(stat);
const changeOwner = promisify(fchown);
const truncateFile = promisify(ftruncate);
const syncFile = promisify(fsync);
const renameFile = promisify(rename);
const removeFile = promisify(unlink);

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function nothingWhereAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}

/** What root makes in the folder of a service belongs to the service: it must be able to go on with the file. */
async function create(path: string): Promise<number> {
  const fd = await openFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, MODE);
  if (process.getuid?.() === 0) {
    const { uid, gid } = await statPath(dirname(path));
    // A user namespace may not know the owner, a network disk may not let root decide: then it stays root's.
    await changeOwner(fd, uid, gid).catch(() => undefined);
  }
  return fd;
}

/** Whatever it is: what is renamed and cut off must be nobody else's, such as `/dev/null`. */
async function openAs(path: string, flags: number): Promise<number> {
  try {
    return await openRegular(path, flags);
  } catch (error) {
    if (!(error instanceof NotRegularError)) throw error;
    throw new StorageError(`${error.message}: give another name`);
  }
}

/** The real one. */
export const systemDisk: Disk = {
  follow: followLinks,
  async openToRead(path) {
    try {
      return await openAs(path, constants.O_RDONLY);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },
  async openOrCreate(path) {
    try {
      return await openAs(path, constants.O_RDWR | constants.O_NOFOLLOW);
    } catch (error) {
      if (isAbsent(error)) return create(path);
      throw error;
    }
  },
  async size(fd) {
    return (await statFile(fd)).size;
  },
  async read(fd, bytes, position) {
    return (await readFile(fd, bytes, 0, bytes.length, position)).bytesRead;
  },
  commitAt,
  async truncate(fd, length) {
    await truncateFile(fd, length);
    await syncFile(fd);
  },
  close: closeFile,
  rename: renameFile,
  async remove(path) {
    try {
      await removeFile(path);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  },
  async isAt(fd, path) {
    const [open, named] = await Promise.all([statFile(fd), statPath(path).catch(nothingWhereAbsent)]);
    return named !== undefined && named.ino === open.ino && named.dev === open.dev;
  },
  async addName(path, name) {
    await systemDisk.remove(name);
    await linkFile(path, name).catch(nothingWhereAbsent);
  },
  async syncDirectory(path) {
    const fd = await openFile(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await syncFile(fd);
    } finally {
      await closeFile(fd);
    }
  },
  lock: lockExclusive,
};
