/** Where nothing is kept: for leases that are to be in memory only. */
import type { Disk } from "./disk.ts";

const NOTHING = Promise.resolve();
/** No descriptor of the kernel's has this number. */
const NO_FILE = -1;

export const noDisk: Disk = {
  follow: (path) => Promise.resolve(path),
  openToRead: () => Promise.resolve(undefined),
  openOrCreate: () => Promise.resolve(NO_FILE),
  size: () => Promise.resolve(0),
  read: () => Promise.resolve(0),
  commitAt: () => NOTHING,
  truncate: () => NOTHING,
  close: () => NOTHING,
  rename: () => NOTHING,
  remove: () => NOTHING,
  isAt: () => Promise.resolve(true),
  addName: () => NOTHING,
  syncDirectory: () => NOTHING,
  lock: () => true,
};
