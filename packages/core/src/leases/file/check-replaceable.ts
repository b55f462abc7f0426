/** Whether a list of leases may take the place of what has its name: only where that is such a list itself. */
import { closeSync, constants, existsSync, readSync } from "node:fs";
import { openRegular } from "../../base/regular-file.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import type { Lease } from "../model/lease.ts";
import { nameLeaseFiles } from "./lease-files.ts";

/** Bytes that a header is looked for in: ours have less than 200. */
const FIRST_BYTES = 1024;

/** @returns why it may not; `undefined` where it may, or where there is nothing */
export async function checkReplaceable<L extends Lease>(path: string, csv: LeaseCsv<L>): Promise<string | undefined> {
  if (isInUse(path)) return `${path} belongs to leases that are in use`;
  let fd: number;
  try {
    fd = await openRegular(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? undefined : message;
  }
  try {
    const first = Buffer.alloc(FIRST_BYTES);
    const end = first.subarray(0, readSync(fd, first)).indexOf("\n");
    if (end > 0 && csv.readHeader(first.subarray(0, end)).kind === "header") return undefined;
    return `${path} is there, and is no list of these leases`;
  } finally {
    closeSync(fd);
  }
}

/** Whether it is one of the files of a lease file that a daemon of ours has, or has had, locked. */
function isInUse(path: string): boolean {
  const endings = Object.values(nameLeaseFiles("")).filter((ending) => path.endsWith(ending));
  return endings.some((ending) => existsSync(nameLeaseFiles(path.slice(0, path.length - ending.length)).lock));
}
