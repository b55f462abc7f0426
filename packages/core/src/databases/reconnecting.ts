/** A connection to a server that comes and goes: opened again when it is lost, for as long as the schedule has it. */
import { type RetrySchedule, retry } from "../base/retry.ts";

export type ConnectionEvent =
  | { readonly kind: "lost"; readonly error: Error }
  /** @param wait milliseconds until the next try; `undefined` when there is none */
  | { readonly kind: "failed"; readonly error: Error; readonly wait: number | undefined }
  | { readonly kind: "recovered" };

export interface ReconnectingParts<C> {
  /** @param onLost to be called once when the connection ends by itself */
  open(onLost: (error: Error) => void): Promise<C>;
  close(connection: C): Promise<void>;
  /** After a loss. */
  readonly schedule: RetrySchedule;
  report(event: ConnectionEvent): void;
}

export class Reconnecting<C> {
  readonly #parts: ReconnectingParts<C>;
  readonly #ending = new AbortController();
  #connection: C | undefined;
  #error = new Error("not connected");
  #opening: Promise<void> | undefined;

  constructor(parts: ReconnectingParts<C>) {
    this.#parts = parts;
  }

  /** The first connection. Rejects when it cannot be had: whether to try again is the caller's business. */
  async open(): Promise<void> {
    this.#connection = await this.#parts.open((error) => this.#lose(error));
  }

  /** As `open`; where it fails, as after a loss. */
  async openInTime(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      this.#reopenAfter(error as Error);
    }
  }

  /** @throws the error that the connection was lost by, while there is none */
  get connection(): C {
    if (this.#connection === undefined) throw this.#error;
    return this.#connection;
  }

  /** Whether there is one. */
  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    const connection = this.#connection;
    this.#connection = undefined;
    await this.#opening;
    if (connection !== undefined) await this.#parts.close(connection);
  }

  #lose(error: Error): void {
    if (this.#connection === undefined || this.#ending.signal.aborted) return;
    this.#connection = undefined;
    this.#reopenAfter(error);
  }

  #reopenAfter(error: Error): void {
    this.#error = error;
    this.#parts.report({ kind: "lost", error });
    this.#opening = this.#reopen();
  }

  async #reopen(): Promise<void> {
    try {
      await retry(() => this.open(), {
        schedule: this.#parts.schedule,
        signal: this.#ending.signal,
        onFailure: (failure, wait) => {
          this.#error = failure;
          this.#parts.report({ kind: "failed", error: failure, wait });
        },
      });
      this.#parts.report({ kind: "recovered" });
    } catch {
      // Ended, or given up: reported.
    }
  }
}
