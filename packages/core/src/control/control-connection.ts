/** One connection: takes one command, answers it, and ends, as Kea's does. Silence at either end has a time limit. */
import type { Socket } from "node:net";
import type { Milliseconds } from "../base/clock.ts";
import { type Answer, failed } from "./answer.ts";
import { CommandFrame } from "./command-frame.ts";
import { formatParts } from "./kea-json.ts";
import { slicesOf } from "./slices.ts";

/** Kea's: for the whole command to arrive, and for the other end to take some of the answer. */
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
  readonly #frame = new CommandFrame();
  #held = 0;
  #timer: NodeJS.Timeout;
  #isWaiting = true;
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

  /** No whole command has come yet. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** Ends it with an error for the other end. */
  refuse(text: string): void {
    this.#why ||= text;
    this.#isWaiting = false;
    void this.#send(failed(text));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    // What follows a command is read all the same: a socket closed on unread bytes is an error at the other end.
    if (!this.#isWaiting) return;
    const framed = this.#frame.push(bytes);
    if (framed.kind === "bad") this.refuse(framed.what);
    else if (framed.kind === "whole") void this.#answer(framed.text);
    else if (this.#owner.hold(bytes.length)) this.#held += bytes.length;
    else this.refuse("too many commands are under way: try again");
  }

  async #answer(text: string): Promise<void> {
    this.#isWaiting = false;
    clearTimeout(this.#timer);
    await this.#send(await this.#owner.answer(text));
  }

  #end(): void {
    if (this.#isWaiting)
      this.refuse(this.#frame.length === 0 ? "no command" : "the command ends before its last bracket");
  }

  #timeOut(): void {
    const partial = this.#frame.length === 0 ? "" : `, discarded partial command of ${this.#frame.length} bytes`;
    this.refuse(`Connection over control channel timed out${partial}`);
  }

  /** Ends with the answer, however long it is; nothing is made that the other end has not made room for. */
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
    this.#socket.destroySoon();
  }

  /** @returns false when there is nobody to write to any more */
  async #write(slice: string): Promise<boolean> {
    if (this.#socket.destroyed) return false;
    if (!this.#socket.write(slice, "latin1")) {
      this.#awaitReader();
      await new Promise<void>((resolve) => {
        this.#socket.once("drain", resolve);
        this.#socket.once("close", resolve);
      });
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
    this.#owner.hold(-this.#held);
    this.#owner.closed(this, this.#why);
  }
}
