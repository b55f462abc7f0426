/** A bounded buffer before a destination: adding a line costs next to nothing, winston writes them in chunks beside service. */
import { Writable } from "node:stream";
import winston from "winston";
import type { Destination } from "./destination.ts";

/** Characters that may wait: about two seconds of INFO lines at full load. Beyond it lines are dropped and counted. */
const CAPACITY = 8 << 20;
/** Characters written at a time. */
const CHUNK = 64 << 10;
/** Where winston looks for the finished text of an entry. */
const MESSAGE = Symbol.for("message");

export class Sink {
  readonly destination: Destination;
  readonly #onFailure: (error: Error) => void;
  readonly #lostLine: (count: number) => string;
  readonly #winston: winston.Logger;
  readonly #lines: string[] = [];
  #characters = 0;
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
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        void this.#write(text).then(() => {
          done();
          this.#written();
        });
      },
    });
    this.#winston = winston.createLogger({
      format: winston.format((entry) => entry)(),
      transports: [new winston.transports.Stream({ stream, eol: "" })],
    });
  }

  /** @param line with its line end */
  add(line: string): void {
    if (this.#characters + line.length > CAPACITY) {
      this.#lost++;
      return;
    }
    if (this.#lost > 0 && this.#failure === undefined) {
      const count = this.#lost;
      this.#lost = 0;
      this.#push(this.#lostLine(count));
    }
    this.#push(line);
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
  }

  /** Begins to write what waits, unless it is being written already. */
  drain(): void {
    if (this.#writing !== undefined || this.#lines.length === 0) return;
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
    const text = this.#take(Number.POSITIVE_INFINITY);
    if (text === "") return;
    try {
      this.destination.writeSync(text);
    } catch (error) {
      this.#fail(text, error as Error);
    }
  }

  async close(): Promise<void> {
    await this.flush();
    this.#winston.close();
    await this.destination.close();
  }

  async #drain(): Promise<void> {
    while (this.#lines.length > 0) {
      const text = this.#take(CHUNK);
      await new Promise<void>((resolve) => {
        this.#written = resolve;
        this.#winston.write({ level: "info", message: text, [MESSAGE]: text });
      });
    }
  }

  /** Lines up to `limit` characters, at least one. */
  #take(limit: number): string {
    let count = 0;
    let characters = 0;
    while (count < this.#lines.length && (count === 0 || characters + this.#lines[count]!.length <= limit)) {
      characters += this.#lines[count++]!.length;
    }
    this.#characters -= characters;
    return this.#lines.splice(0, count).join("");
  }

  async #write(text: string): Promise<void> {
    try {
      await this.destination.write(text);
      this.#failure = undefined;
    } catch (error) {
      this.#fail(text, error as Error);
    }
  }

  #fail(text: string, error: Error): void {
    this.#lost += text.split("\n").length - 1;
    const isNew = this.#failure === undefined;
    this.#failure = error;
    if (isNew) this.#onFailure(error);
  }
}
