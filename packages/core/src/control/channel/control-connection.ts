/** One connection: takes one command, answers it, and ends, as Kea's does. Silence at either end has a time limit. */
import type { Socket } from "node:net";
import type { Milliseconds } from "../../base/clock.ts";
import { type Answer, failed } from "../answer.ts";
import { formatParts } from "../kea-json.ts";
import { CommandFrame, MAX_COMMAND } from "./command-frame.ts";
import type { Connection } from "./connections.ts";
import { PATIENCE, PatientWriter } from "./patient-writer.ts";
import { readInTurns } from "./read-in-turns.ts";
import { slicesOf } from "./slices.ts";

export interface ConnectionOwner {
  /** Never rejects. */
  answer(text: string): Promise<Answer>;
  /** @returns false when all connections together hold more than they may */
  hold(bytes: number): boolean;
  /** @param why in words; empty when all went as it should */
  closed(connection: ControlConnection, why: string): void;
}

export class ControlConnection implements Connection {
  readonly source = "";
  readonly #socket: Socket;
  readonly #writer: PatientWriter;
  readonly #owner: ConnectionOwner;
  #frame = new CommandFrame();
  #held = 0;
  #timer: NodeJS.Timeout;
  /** `leaving`: an error has been answered, while the other end may still write. */
  #state: "waiting" | "answering" | "leaving" = "waiting";
  /** Bytes that are still taken in when leaving. */
  #rest = MAX_COMMAND;
  #why = "";
  /** The other end writes no more; it may have gone. */
  #hasEnded = false;

  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#writer = new PatientWriter(socket, () => {
      this.#why ||= "the other end does not take its answer";
      socket.destroy();
    });
    this.#timer = setTimeout(() => this.#timeOut(), PATIENCE);
    readInTurns(socket, (bytes) => this.#take(bytes));
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

  get stalledSince(): Milliseconds {
    return this.#writer.stalledSince;
  }

  /** Whatever may still come; where there was no answer yet, with this one. */
  giveWay(why: string): void {
    if (this.#state !== "waiting") this.destroy();
    else void this.#fail(why).then(() => this.#socket.destroySoon());
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
    this.#hasEnded = true;
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
    clearTimeout(this.#timer);
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
      for await (const slice of slicesOf(formatParts(answer), () => this.#isGone())) {
        if (!(await this.#writer.write(slice))) return;
      }
      if (this.#socket.destroyed) return;
    } catch (error) {
      // Cut off in the middle, so that nobody takes it for all there is.
      this.#why ||= `the answer cannot be finished: ${(error as Error).message}`;
      this.#socket.destroy();
      return;
    }
    this.#writer.awaitReader();
  }

  /** An end that writes no more may wait for the answer all the same: to write nothing fails only where nobody is there. */
  #isGone(): boolean {
    if (this.#hasEnded && this.#socket.writableLength === 0) this.#socket.write("");
    return this.#socket.destroyed;
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#release();
    this.#owner.closed(this, this.#why);
  }
}
