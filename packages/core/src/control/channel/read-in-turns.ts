/** Reads what a quick sender sends no faster than leaves time for packets. */
import type { Readable } from "node:stream";

/** Bytes of one turn of the main loop, which libuv reads megabytes in where nobody stops it. */
const TURN = 64 * 1024;

/** @param take a piece, as it comes */
export function readInTurns(source: Readable, take: (piece: Buffer) => void): void {
  let taken = 0;
  source.on("data", (piece: Buffer) => {
    take(piece);
    taken += piece.length;
    if (taken < TURN) return;
    taken = 0;
    source.pause();
    setImmediate(() => source.resume());
  });
}
