/** A scripted exchange: what a client or relay says, and the transcript of what the server answered. */
import { delay, type Program } from "../lab/program.ts";
import type { Answer, Fields, Speech, Stage, Voice } from "./speech.ts";

/** Everything that came back for one message sent; each answer with all its fields. */
export interface Step {
  readonly title: string;
  /** Sent by `ask`: the script counts on an answer. */
  readonly asked: boolean;
  readonly answers: readonly Fields[];
}

/**
 * Milliseconds: longer than any server thinks; so long that silence is meant, or that it is once a later message was
 * answered; and how long a second answer may lag.
 */
const PATIENCE = 3000;
const SILENCE = 500;
const AFTERTHOUGHT = 100;
const LAG = 15;

export class Script<S extends Speech> {
  readonly steps: Step[] = [];
  readonly #stage: Stage<S>;
  readonly #voice: Voice<S>;
  readonly #server: Program | undefined;
  /** Both subjects get the same transaction ids. */
  #xid: number;

  /** @param server who is waited for before its silence counts, however busy the machine is */
  constructor(stage: Stage<S>, voice: Voice<S>, firstXid: number, server?: Program) {
    this.#stage = stage;
    this.#voice = voice;
    this.#xid = firstXid;
    this.#server = server;
  }

  /** Sends what a server should answer. @returns the answer; the stage's `silence` when there was none */
  ask(title: string, query: S["query"], route?: S["route"]): Promise<S["message"]> {
    this.#voice.send(query, this.#xid++, route);
    return this.#record(title, true);
  }

  /** Sends what a server should meet with silence, or answers nobody waits for. */
  async tell(title: string, query: S["query"], route?: S["route"]): Promise<void> {
    this.#voice.send(query, this.#xid++, route);
    await this.#record(title, false);
  }

  /** Like `tell`, with the payload spoilt on the way: `spoil` gets the encoded message. */
  async tellBytes(
    title: string,
    query: S["query"],
    spoil: (payload: Uint8Array) => Uint8Array,
    route?: S["route"],
  ): Promise<void> {
    this.#voice.send(query, this.#xid++, route, spoil);
    await this.#record(title, false);
  }

  pause(seconds: number): Promise<void> {
    return delay(seconds * 1000);
  }

  /** Waits for a second to begin: servers count whole ones, and what is said next then stays within it. */
  nextSecond(): Promise<void> {
    return delay(1000 - (Date.now() % 1000));
  }

  async #record(title: string, asked: boolean): Promise<S["message"]> {
    const { ping } = this.#stage;
    const pingXid = asked || ping === undefined ? undefined : this.#xid++;
    if (pingXid !== undefined) this.#voice.send(ping, pingXid);
    const answers: Answer<S>[] = [];
    let isThrough = pingXid === undefined;
    let isSettled = asked;
    for (let wait = asked || !isThrough ? PATIENCE : SILENCE; ; ) {
      const answer = await this.#voice.next(wait);
      if (answer === undefined) {
        if (isSettled) break;
        isSettled = true;
        await this.#server?.settled();
        wait = LAG;
        continue;
      }
      if (answer.message.xid === pingXid) isThrough = true;
      else answers.push(answer);
      if (isThrough) wait = answers.length > 0 ? LAG : AFTERTHOUGHT;
    }
    const fields = answers.map((answer) => this.#stage.fieldsOf(answer));
    this.steps.push({ title, asked, answers: fields });
    return answers.length === 0 ? this.#stage.silence : answers[0]!.message;
  }
}
