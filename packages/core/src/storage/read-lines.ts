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

/**
 * @returns whole lines, those of a piece together: they are gone through before the next ones are asked for. What stands
 * behind the last line end was cut off by a crash
 */
export async function* readLines(disk: Pick<Disk, "read">, fd: number): AsyncGenerator<Iterable<ReadLine>> {
  const buffer = Buffer.alloc(PIECE);
  /** Where in the file the buffer begins. */
  let position = 0;
  let left = 0;
  let beginning: string | undefined;
  for (;;) {
    const count = await disk.read(fd, buffer.subarray(left), position + left);
    if (count === 0) return;
    const filled = left + count;
    let rest = buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
    if (rest > 0) {
      yield linesOf(buffer.subarray(0, rest), position, beginning);
      beginning = undefined;
    } else if (filled === PIECE) {
      beginning ??= buffer.toString("latin1");
      rest = PIECE;
    }
    buffer.copyWithin(0, rest, filled);
    left = filled - rest;
    position += rest;
  }
}

/**
 * One after the other, as garbage that is alive when it is collected costs most.
 * @param position of the piece in the file
 * @param beginning of its first line, if that is too long
 */
function* linesOf(piece: Buffer, position: number, beginning: string | undefined): Generator<ReadLine> {
  let start = 0;
  for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, start)) {
    const isTooLong = start === 0 && beginning !== undefined;
    const text = isTooLong ? beginning : piece.toString("latin1", start, at);
    yield { text, isTooLong, end: position + at + 1 };
    start = at + 1;
  }
}
