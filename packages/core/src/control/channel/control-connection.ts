/** One connection: takes one command, answers it, and ends, as Kea's does. Silence at either end has a time limit. */
import type { Socket } from "node:net";
import type { Milliseconds } from "../../base/clock.ts";
import { type Answer, failed } from "../answer.ts";
import { formatParts } from "../kea-json.ts";
import { CommandFrame, MAX_COMMAND } from "./command-frame.ts";
import { slicesOf } from "./slices.ts";

/** Kea's: for the whole command to arrive, for the other end to take some of the answer, and to end after an error. */
export const PATIENCE: Milliseconds = 10_000;

export interface ConnectionOwner {
  /** Never rejects. */
  answer(text: string): Promise<Answer>;
  /** @returns false when all connections together hold more than they may */
  hold(bytes: number): boolean;
  /** @param why in words; empty when all went as it should */
  closed(connection: ControlConnection, why: string): void;
}

export class ControlConnection {
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #frame = new CommandFrame();
  #held = 0;
  #timer: NodeJS.Timeout;
  /** `leaving`: an error has been answered, while the other end may still write. */
  #state: "waiting" | "answering" | "leaving" = "waiting";
  #stalledSince = Number.POSITIVE_INFINITY;
  /** Bytes that are still taken in when leaving. */
  #rest = MAX_COMMAND;
  #why = "";

  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#timer = setTimeout(() => this.#timeOut(), PATIENCE);
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    socket.on("end", () => this.#end());
    socket.on("error", (error) => {
      this.#why ||= error.message;
    });
    socket.on("close", () => this.#close());
  }

  /** There is no answer under way that the other end would miss. */
  get isIdle(): boolean {
    return this.#state !== "answering";
  }

  /** Since when, on the process's clock, the other end has taken none of its answer; infinite where it is not waited for. */
  get stalledSince(): Milliseconds {
    return this.#stalledSince;
  }

  /** Ends it now, whatever may still come; where there was no answer yet, with this one. */
  async giveWay(text: string): Promise<void> {
    if (this.#state !== "waiting") return this.destroy();
    await this.#fail(text);
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    if (this.#state === "leaving") this.#pass(bytes.length);
    // What follows a command is read all the same: a socket closed on unread bytes is an error at the other end.
    if (this.#state !== "waiting") return;
    const framed = this.#frame.push(bytes);
    if (framed.kind === "bad") void this.#refuse(framed.what);
    else if (framed.kind === "whole") void this.#answer(framed.text);
    else if (this.#owner.hold(bytes.length)) this.#held += bytes.length;
    else void this.#refuse("too many commands are under way: try again");
  }

  async #answer(text: string): Promise<void> {
    this.#state = "answering";
    clearTimeout(this.#timer);
    await this.#send(await this.#owner.answer(text));
    this.#socket.destroySoon();
  }

  #end(): void {
    if (this.#state === "waiting")
      void this.#refuse(this.#frame.length === 0 ? "no command" : "the command ends before its last bracket");
  }

  #timeOut(): void {
    const partial = this.#frame.length === 0 ? "" : `, discarded partial command of ${this.#frame.length} bytes`;
    void this.#refuse(`Connection over control channel timed out${partial}`);
  }

  /** Who writes all of a command before it reads sees the error only if all of it is taken. */
  async #refuse(text: string): Promise<void> {
    await this.#fail(text);
    this.#state = "leaving";
    this.#socket.end();
  }

  async #fail(text: string): Promise<void> {
    this.#why ||= text;
    this.#state = "answering";
    this.#frame = new CommandFrame();
    this.#release();
    await this.#send(failed(text));
  }

  #release(): void {
    this.#owner.hold(-this.#held);
    this.#held = 0;
  }

  /** Takes in what is nobody's. */
  #pass(bytes: number): void {
    this.#rest -= bytes;
    if (this.#rest < 0) this.#socket.destroy();
  }

  /** All of the answer, however long it is; nothing is made that the other end has not made room for. */
  async #send(answer: Answer): Promise<void> {
    try {
      for await (const slice of slicesOf(formatParts(answer))) {
        if (!(await this.#write(slice))) return;
      }
    } catch (error) {
      // Cut off in the middle, so that nobody takes it for all there is.
      this.#why ||= `the answer cannot be finished: ${(error as Error).message}`;
      this.#socket.destroy();
      return;
    }
    this.#awaitReader();
  }

  /** @returns false when there is nobody to write to any more */
  async #write(slice: string): Promise<boolean> {
    if (this.#socket.destroyed) return false;
    if (!this.#socket.write(slice, "latin1")) {
      this.#awaitReader();
      this.#stalledSince = performance.now();
      await new Promise<void>((resolve) => {
        this.#socket.once("drain", resolve);
        this.#socket.once("close", resolve);
      });
      this.#stalledSince = Number.POSITIVE_INFINITY;
      this.#socket.removeAllListeners("drain");
    }
    return !this.#socket.destroyed;
  }

  #awaitReader(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#why ||= "the other end does not take its answer";
      this.#socket.destroy();
    }, PATIENCE);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#release();
    this.#owner.closed(this, this.#why);
  }
}
