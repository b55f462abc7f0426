/** A bounded buffer before a destination: adding a line costs next to nothing, winston writes them in chunks beside service. */
import { Writable } from "node:stream";
import winston from "winston";
import { TextWriter } from "../ip/text-writer.ts";
import type { Destination } from "./destination.ts";

/** Bytes that may wait: some seconds of INFO lines at full load. Beyond it lines are dropped and counted. */
const CAPACITY = 8 << 20;
/**
 * Bytes written at a time: to wake a thread for it costs several times what the copy does. With a line more it still fits
 * the smallest `maxsize` of a file, 204,800.
 */
const CHUNK = 192 << 10;
/** Bytes from one `drain` to the next with which it is worth waiting for a whole chunk: four times at most. */
const FAST = CHUNK / 4;
/** Room for the last line of a chunk, lest the buffer grow for it. */
const SLACK = 4 << 10;

/** Lines on their way to the destination. */
interface Chunk {
  readonly writer: TextWriter;
  readonly lines: number;
}

export class Sink {
  readonly destination: Destination;
  readonly #onFailure: (error: Error) => void;
  readonly #writeLost: (line: TextWriter, count: number) => void;
  readonly #winston: winston.Logger;
  /** Complete chunks, oldest first. */
  #chunks: Chunk[] = [];
  /** Bytes in them. */
  #waiting = 0;
  /** The chunk being filled. */
  #filling = new TextWriter(CHUNK + SLACK);
  #filledLines = 0;
  /** Bytes of it that the last `drain` saw; less than 0 when a chunk has been completed since. */
  #seen = 0;
  /** The buffer of a chunk that is written, for the next one. */
  #spare: TextWriter | undefined;
  /** Lines lost, for want of room or by failed writes, and not yet told. */
  #lost = 0;
  /** The last write failed, and why. */
  #failure: Error | undefined;
  #writing: Promise<void> | undefined;
  #written: () => void = () => {};

  /**
   * @param onFailure called when writing begins to fail, not again until it has worked in between
   * @param writeLost appends the line that stands where `count` lines are missing
   */
  constructor(
    destination: Destination,
    onFailure: (error: Error) => void,
    writeLost: (line: TextWriter, count: number) => void,
  ) {
    this.destination = destination;
    this.#onFailure = onFailure;
    this.#writeLost = writeLost;
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

  /** @returns where to append a line with its line end, before `end`; `undefined` when there is no room for it */
  begin(): TextWriter | undefined {
    if (this.#waiting + this.#filling.length > CAPACITY) {
      this.#lost++;
      return undefined;
    }
    if (this.#lost > 0 && this.#failure === undefined) {
      this.#writeLost(this.#filling, this.#lost);
      this.#lost = 0;
      this.end();
    }
    return this.#filling;
  }

  /** A line is complete. */
  end(): void {
    this.#filledLines++;
    if (this.#filling.length >= CHUNK) this.#completeChunk();
  }

  /** The chunk being filled goes to those that wait. */
  #completeChunk(): void {
    if (this.#filling.length === 0) return;
    this.#chunks.push({ writer: this.#filling, lines: this.#filledLines });
    this.#waiting += this.#filling.length;
    this.#seen -= this.#filling.length;
    this.#filling = this.#spare ?? new TextWriter(CHUNK + SLACK);
    this.#spare = undefined;
    this.#filledLines = 0;
  }

  /**
   * Begins to write what waits, unless that is under way. While lines come fast, only whole chunks are written.
   * @returns whether lines stay for another time
   */
  drain(): boolean {
    const isFast = this.#filling.length - this.#seen >= FAST;
    // Where writing is slow, what waits for it does so in whole chunks too.
    if (!isFast && this.#chunks.length === 0 && this.#writing === undefined) this.#completeChunk();
    this.#seen = this.#filling.length;
    this.#writeChunks();
    return this.#chunks.length > 0 || this.#filling.length > 0;
  }

  /** Resolves when all lines added so far are written or lost. */
  async flush(): Promise<void> {
    this.#completeChunk();
    this.#writeChunks();
    await this.#writing;
  }

  /** Writes what waits at once: for the end of the process. A chunk already handed over is written by Node at exit. */
  flushSync(): void {
    this.#completeChunk();
    for (let chunk = this.#take(); chunk !== undefined; chunk = this.#take()) {
      try {
        this.destination.writeSync(chunk.writer.written);
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

  #writeChunks(): void {
    if (this.#writing !== undefined || this.#chunks.length === 0) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    for (let chunk = this.#take(); chunk !== undefined; chunk = this.#take()) {
      const entry = { level: "info", message: "", ...chunk };
      await new Promise<void>((resolve) => {
        this.#written = resolve;
        this.#winston.write(entry);
      });
    }
  }

  #take(): Chunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#waiting -= chunk.writer.length;
    return chunk;
  }

  async #write(chunk: Chunk): Promise<void> {
    try {
      await this.destination.write(chunk.writer.written);
      this.#failure = undefined;
    } catch (error) {
      this.#fail(chunk, error as Error);
    }
    chunk.writer.clear();
    this.#spare = chunk.writer;
  }

  #fail({ lines }: Chunk, error: Error): void {
    this.#lost += lines;
    const isNew = this.#failure === undefined;
    this.#failure = error;
    if (isNew) this.#onFailure(error);
  }
}
