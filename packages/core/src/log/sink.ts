/** A bounded buffer before a destination: adding a line costs next to nothing, winston writes them in chunks beside service. */
import { Writable } from "node:stream";
import winston from "winston";
import type { Destination } from "./destination.ts";

/** Bytes that may wait: some seconds of INFO lines at full load. Beyond it lines are dropped and counted. */
const CAPACITY = 8 << 20;
/** Bytes written at a time. */
const CHUNK = 64 << 10;
/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Lines on their way to the destination. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

export class Sink {
  readonly destination: Destination;
  readonly #onFailure: (error: Error) => void;
  readonly #lostLine: (count: number) => string;
  readonly #winston: winston.Logger;
  /** Complete chunks, oldest first. */
  #chunks: Chunk[] = [];
  /** Bytes in them. */
  #waiting = 0;
  /**
   * The chunk being filled. Lines are encoded at once: waiting as strings they would be long chains of pieces that the
   * garbage collector copies again and again, which cost more than all the rest of logging.
   */
  #filling = Buffer.allocUnsafe(CHUNK);
  #filled = 0;
  #filledLines = 0;
  /** Lines lost, for want of room or by failed writes, and not yet told. */
  #lost = 0;
  /** The last write failed, and why. */
  #failure: Error | undefined;
  #writing: Promise<void> | undefined;
  #written: () => void = () => {};

  /**
   * @param onFailure called when writing begins to fail, not again until it has worked in between
   * @param lostLine the line that stands where `count` lines are missing
   */
  constructor(destination: Destination, onFailure: (error: Error) => void, lostLine: (count: number) => string) {
    this.destination = destination;
    this.#onFailure = onFailure;
    this.#lostLine = lostLine;
    const stream = new Writable({
      objectMode: true,
      write: (entry: Chunk, _encoding, done) => {
        void this.#write(entry).then(() => {
          done();
          this.#written();
        });
      },
    });
    this.#winston = winston.createLogger({
      format: winston.format((entry) => entry)(),
      transports: [new winston.transports.Stream({ stream })],
    });
  }

  /** @param line with its line end */
  add(line: string): void {
    if (this.#waiting + this.#filled + line.length * BYTES_PER_UNIT > CAPACITY) {
      this.#lost++;
      return;
    }
    if (this.#lost > 0 && this.#failure === undefined) {
      const count = this.#lost;
      this.#lost = 0;
      this.#append(this.#lostLine(count));
    }
    this.#append(line);
  }

  #append(line: string): void {
    const room = line.length * BYTES_PER_UNIT;
    if (this.#filled + room > this.#filling.length) {
      this.#completeChunk();
      if (room > this.#filling.length) this.#filling = Buffer.allocUnsafe(room);
    }
    this.#filled += this.#filling.write(line, this.#filled);
    this.#filledLines++;
  }

  /** The chunk being filled goes to those that wait; its buffer is used again. */
  #completeChunk(): void {
    if (this.#filled === 0) return;
    this.#chunks.push({ bytes: Buffer.from(this.#filling.subarray(0, this.#filled)), lines: this.#filledLines });
    this.#waiting += this.#filled;
    this.#filled = 0;
    this.#filledLines = 0;
  }

  /** Begins to write what waits, unless it is being written already. */
  drain(): void {
    if (this.#writing !== undefined || this.#waiting + this.#filled === 0) return;
    this.#writing = this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when all lines added so far are written or lost. */
  async flush(): Promise<void> {
    this.drain();
    await this.#writing;
  }

  /** Writes what waits at once: for the end of the process. A chunk already handed over is written by Node at exit. */
  flushSync(): void {
    for (let chunk = this.#take(); chunk !== undefined; chunk = this.#take()) {
      try {
        this.destination.writeSync(chunk.bytes);
      } catch (error) {
        this.#fail(chunk, error as Error);
      }
    }
  }

  async close(): Promise<void> {
    await this.flush();
    this.#winston.close();
    await this.destination.close();
  }

  async #drain(): Promise<void> {
    for (let chunk = this.#take(); chunk !== undefined; chunk = this.#take()) {
      const entry = { level: "info", message: "", ...chunk };
      await new Promise<void>((resolve) => {
        this.#written = resolve;
        this.#winston.write(entry);
      });
    }
  }

  #take(): Chunk | undefined {
    if (this.#chunks.length === 0) this.#completeChunk();
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#waiting -= chunk.bytes.length;
    return chunk;
  }

  async #write(chunk: Chunk): Promise<void> {
    try {
      await this.destination.write(chunk.bytes);
      this.#failure = undefined;
    } catch (error) {
      this.#fail(chunk, error as Error);
    }
  }

  #fail({ lines }: Chunk, error: Error): void {
    this.#lost += lines;
    const isNew = this.#failure === undefined;
    this.#failure = error;
    if (isNew) this.#onFailure(error);
  }
}
