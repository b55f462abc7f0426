/** Reads one answer of a control socket, however long it is, at next to no cost of its own. */
import { createConnection } from "node:net";

/** Seconds after which nobody waits any more; Kea's sockets give up after ten of silence. */
const PATIENCE = 60;

export interface Reading {
  /** Seconds from the connection to the first byte, and to the end. */
  readonly firstByte: number;
  readonly seconds: number;
  readonly bytes: number;
  /** The last hundred characters, or fewer. */
  readonly tail: string;
}

/** Of an error, what has come is told. */
export async function readAnswer(socket: string, command: string): Promise<Reading> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  let firstByte: number | undefined;
  let bytes = 0;
  let tail = "";
  // Into the same memory each time: who reads must not take the processors from whom is measured.
  const onread = {
    buffer: new Uint8Array(256 * 1024),
    callback(length: number, piece: Uint8Array): boolean {
      firstByte ??= elapsed();
      bytes += length;
      // The last piece may be the very last bytes only.
      tail = (
        tail + Buffer.from(piece.buffer, Math.max(0, length - 100), Math.min(100, length)).toString("latin1")
      ).slice(-100);
      return true;
    },
  };
  const connection = createConnection({ path: socket, onread }, () => connection.write(JSON.stringify({ command })));
  connection.setTimeout(PATIENCE * 1000, () => connection.destroy());
  await new Promise((resolve) => connection.on("error", () => connection.destroy()).on("close", resolve));
  return { firstByte: firstByte ?? elapsed(), seconds: elapsed(), bytes, tail };
}
