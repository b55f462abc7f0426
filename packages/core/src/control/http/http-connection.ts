/** One connection to an HTTP socket: its requests are answered one after another, in their order. */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Milliseconds } from "../../base/clock.ts";
import type { Connection } from "../channel/connections.ts";
import type { PatientWriter } from "../channel/patient-writer.ts";
import { sourceOf } from "./source.ts";
import type { User, Users } from "./users.ts";

/** Requests that may wait for the one before. */
const MOST_WAITING = 10;

export class HttpConnection implements Connection {
  readonly address: string;
  readonly source: string;
  /** Of the answer under way. */
  writer: PatientWriter | undefined;
  /** Who has logged in, and with which header: the next request's need not be looked up when it is the same. */
  login: { readonly header: string; readonly users: Users; readonly user: User } | undefined;
  /** The one that is being answered. */
  request: IncomingMessage | undefined;
  /** The last that has come, whole or not. */
  newest: IncomingMessage | undefined;
  /** It will never be whole. */
  #broken: IncomingMessage | undefined;
  readonly #socket: Socket;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param socket below TLS, where there is any */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = socket.remoteAddress ?? "unknown";
    this.source = sourceOf(this.address);
  }

  get stalledSince(): Milliseconds {
    return this.writer?.stalledSince ?? Number.POSITIVE_INFINITY;
  }

  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /** A request is on its way in: what is wrong on the connection is wrong with it. */
  get isReading(): boolean {
    return this.request?.complete === false;
  }

  /** There is a request that will be answered, whatever else comes. */
  get isAnswering(): boolean {
    return !(this.isIdle || this.isReading);
  }

  /** @param answer never rejects */
  inTurn(answer: () => Promise<void>): void {
    this.#waiting++;
    if (this.#waiting > MOST_WAITING) {
      this.giveWay();
      return;
    }
    this.#last = this.#waiting === 1 ? this.#answer(answer) : this.#last.then(() => this.#answer(answer));
  }

  async #answer(answer: () => Promise<void>): Promise<void> {
    if (!this.#socket.destroyed) await answer();
    this.#waiting--;
    // Those that come at once are not answered at once: packets come between.
    if (this.#waiting > 0) await nextTurn();
  }

  /** What comes now is no request, nor the rest of one: that is told in its place. @param tell never rejects */
  breakOff(tell: () => Promise<void>): void {
    if (this.isReading) {
      void tell();
      return;
    }
    if (this.newest?.complete === false) this.#broken = this.newest;
    this.inTurn(tell);
  }

  isBroken(request: IncomingMessage): boolean {
    return request === this.#broken;
  }

  giveWay(): void {
    this.#socket.destroy();
  }
}
