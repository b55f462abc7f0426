/** Whether what is written to a descriptor goes to systemd's journal. */
import { fstatSync } from "node:fs";

/** systemd.exec(5): JOURNAL_STREAM is the device and the inode of what it has connected; a pipe behind it is another. */
export function isJournal(fd: number, stream: string | undefined = process.env["JOURNAL_STREAM"]): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
