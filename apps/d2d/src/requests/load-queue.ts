/** Reads a queue's file piece by piece, so that neither its length nor anything in it keeps the updater from starting. */

import type { Disk } from "@kotare/core/storage/disk";
import { NEWLINE } from "@kotare/core/storage/row-writer";
import type { AsideFile } from "./aside-file.ts";
import type { QueueFileEvent } from "./queue-file-event.ts";
import { parseQueueLine, type StoredRequest } from "./queue-lines.ts";

export interface LoadedQueue {
  /** Not done with, in order. */
  readonly live: Map<number, StoredRequest>;
  /** Bytes of the file. */
  readonly end: number;
}

/** Bytes that are read together. No line of ours is as long: a longer one is passed over, and only its beginning kept. */
const PIECE = 256 * 1024;
/** Each further bad line is kept aside only. */
const NAMED = 100;

/** @throws when the file cannot be read, or what is wrong in it cannot be kept */
export async function loadQueue(
  disk: Disk,
  fd: number,
  aside: AsideFile,
  report: (event: QueueFileEvent) => void,
): Promise<LoadedQueue> {
  const live = new Map<number, StoredRequest>();
  let line = 0;
  let badLines = 0;
  /** Of the last one that was set aside. */
  let kept: Promise<void> | undefined;

  function setAside(text: string, what: string): void {
    badLines++;
    kept = aside.add(`line ${line}: ${what}`, text);
    if (badLines <= NAMED) report({ kind: "bad-line", line, what: `${what}: ${text.slice(0, 400)}` });
  }

  function take(text: string): void {
    const parsed = parseQueueLine(text);
    if (parsed.kind === "taken") live.set(parsed.stored.id, parsed.stored);
    else if (parsed.kind === "done") live.delete(parsed.id);
    else setAside(text, parsed.what);
  }

  const buffer = Buffer.alloc(PIECE);
  let left = 0;
  let end = 0;
  /** In the rest of a line that is too long. */
  let isPassing = false;
  for (;;) {
    const count = await disk.read(fd, buffer.subarray(left), end);
    if (count === 0) break;
    end += count;
    const bytes = buffer.subarray(0, left + count);
    let start = 0;
    for (let at = bytes.indexOf(NEWLINE, left); at >= 0; at = bytes.indexOf(NEWLINE, start)) {
      if (!isPassing) {
        line++;
        take(bytes.toString("utf8", start, at));
      }
      isPassing = false;
      start = at + 1;
    }
    if (start === 0 && bytes.length === PIECE) {
      if (!isPassing) {
        line++;
        setAside(bytes.toString("utf8"), `is longer than ${PIECE} bytes: this is its beginning`);
      }
      isPassing = true;
      start = PIECE;
    }
    buffer.copyWithin(0, start, bytes.length);
    left = bytes.length - start;
    await kept;
  }
  // What stands behind the last line end was cut off by a crash, and confirmed to nobody.
  return { live, end };
}
