/** All leases as they are now, in a file of their own. */

import type { Disk } from "../../storage/disk.ts";
import { RowWriter } from "../../storage/row-writer.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import type { Lease } from "../model/lease.ts";

/** Bytes that are written and synced together. */
const PIECE = 256 * 1024;

/**
 * Writes leases durably, the whole file or none. One that is there is kept under another name.
 * @param backup that name
 * @param steps each takes its turn among others
 */
export async function saveLeases<L extends Lease>(
  disk: Disk,
  path: string,
  backup: string,
  steps: AsyncIterable<readonly L[]>,
  csv: LeaseCsv<L>,
): Promise<void> {
  const fresh = `${path}.tmp${process.pid}`;
  await disk.remove(fresh);
  const fd = await disk.openOrCreate(fresh);
  try {
    await writeAll(disk, fd, steps, csv);
    const old = await disk.openToRead(path);
    if (old !== undefined) {
      await disk.close(old);
      await disk.rename(path, backup);
    }
    await disk.rename(fresh, path);
    await disk.syncDirectory(path);
  } catch (error) {
    await disk.remove(fresh);
    throw error;
  } finally {
    await disk.close(fd);
  }
}

async function writeAll<L extends Lease>(
  disk: Disk,
  fd: number,
  steps: AsyncIterable<readonly L[]>,
  csv: LeaseCsv<L>,
): Promise<void> {
  const rows = new RowWriter(PIECE);
  let end = 0;
  const flush = async () => {
    await disk.commitAt(fd, rows.bytes, rows.length, end);
    end += rows.length;
    rows.clear();
  };
  rows.copy(csv.header);
  for await (const leases of steps) {
    for (const lease of leases) csv.write(lease, rows);
    if (rows.length >= PIECE) await flush();
  }
  await flush();
}
