/** The lines of a file, piece by piece, so that its length does not matter, nor that of anything in it. */
import type { Disk } from "./disk.ts";
import { NEWLINE } from "./row-writer.ts";

export interface ReadLine {
  /** One character a byte, without the line end; of a line that is too long, its beginning. */
  readonly text: string;
  readonly isTooLong: boolean;
  /** Of the first byte behind it. */
  readonly end: number;
}

/** Bytes that are read together, and that a line may have. */
export const PIECE = 256 * 1024;

/** @returns whole lines, those of a piece together; what stands behind the last line end was cut off by a crash */
export async function* readLines(disk: Pick<Disk, "read">, fd: number): AsyncGenerator<readonly ReadLine[]> {
  const buffer = Buffer.alloc(PIECE);
  let position = 0;
  let left = 0;
  let beginning: string | undefined;
  for (;;) {
    const count = await disk.read(fd, buffer.subarray(left), position);
    if (count === 0) return;
    const filled = left + count;
    const lines: ReadLine[] = [];
    let start = 0;
    for (let at = indexOfEnd(buffer, left, filled); at >= 0; at = indexOfEnd(buffer, start, filled)) {
      const text = beginning ?? buffer.toString("latin1", start, at);
      lines.push({ text, isTooLong: beginning !== undefined, end: position + at + 1 - left });
      beginning = undefined;
      start = at + 1;
    }
    position += count;
    if (start === 0 && filled === PIECE) {
      beginning ??= buffer.toString("latin1", 0, PIECE);
      start = PIECE;
    }
    buffer.copyWithin(0, start, filled);
    left = filled - start;
    if (lines.length > 0) yield lines;
  }
}

function indexOfEnd(buffer: Buffer, from: number, filled: number): number {
  const at = buffer.indexOf(NEWLINE, from);
  return at < filled ? at : -1;
}
