/** Plays clients: begins exchanges when they are due, goes on with those that have a reply, and counts. */
import { randomInt } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Datagram, SendBatch } from "@kotare/netio/transports/datagram";
import type { Dialogue } from "../clients/dialogue.ts";
import { Histogram } from "../results/histogram.ts";
import { StepTally } from "../results/tally.ts";
import { Exchanges, Stray } from "./exchanges.ts";
import type { Link } from "./link.ts";
import type { Schedule } from "./schedule.ts";

/** Milliseconds from one turn to the next while there is something to do: what has come meanwhile is one batch. */
const TURN = 0.2;
/** Milliseconds after which the event loop has a turn: signals, and what is shown. */
const BREATH = 50;
/** As many as one system call sends: the first of them must not wait for many others. */
const BATCH = 32;
const RECEIVE = 128;
/** One of so many numbers is the first exchange's. */
const FIRST_NUMBERS = 1 << 22;

/** What came of a schedule so far. */
export interface Progress {
  /** Milliseconds since the start. */
  readonly time: number;
  readonly steps: readonly StepTally[];
  /** Delays of the last legs since it was shown before. */
  readonly recent: Histogram;
}

/** The part of a dialogue that is played: the messages from the one to the other. */
export interface Legs {
  readonly from: number;
  readonly to: number;
}

export interface Show {
  /** Milliseconds from one time to the next. */
  readonly pause: number;
  show(progress: Progress): void;
}

/** What clients do, beside what they say. */
export interface Habits {
  /** Milliseconds after which a reply counts as lost. */
  readonly patience: number;
  /** Milliseconds that an exchange may begin too late: what waits longer is left out, and told. */
  readonly mostLag: number;
  /** Milliseconds: a reply that takes longer is listed. */
  readonly slow: number;
  /** Whether a client gives its lease back. */
  releases(client: number): boolean;
}

/** The time by which a run goes. */
export interface Watch {
  now(): number;
  /** Holds the thread, which has nothing else to do: timers of the event loop may be late by a millisecond. */
  sleepUntil(time: number): void;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

const realWatch: Watch = {
  now: () => performance.now(),
  sleepUntil(time) {
    const rest = time - performance.now();
    if (rest > 0) Atomics.wait(sleeper, 0, 0, rest);
  },
};

export class LoadRun<Address> {
  /** What is no reply to anybody here. */
  readonly strays = { foreign: 0, malformed: 0 };
  readonly #link: Link<Address>;
  readonly #dialogue: Dialogue<Address>;
  readonly #habits: Habits;
  readonly #watch: Watch;
  readonly #exchanges = new Exchanges(randomInt(FIRST_NUMBERS));
  #steps: readonly StepTally[] = [];
  #legs: Legs = { from: 0, to: 0 };
  readonly #recent = new Histogram();
  #batch: SendBatch<Address> | undefined;
  /** The exchanges whose messages are in the batch. */
  readonly #batched = new Int32Array(BATCH);
  #stopped = false;

  constructor(link: Link<Address>, dialogue: Dialogue<Address>, habits: Habits, watch = realWatch) {
    this.#link = link;
    this.#dialogue = dialogue;
    this.#habits = habits;
    this.#watch = watch;
  }

  /** Begins no more exchanges; those under way come to their end. */
  stop(): void {
    this.#stopped = true;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** @param clientOf who plays an exchange @returns what became of each step */
  async play(
    schedule: Schedule,
    clientOf: (exchange: number) => number,
    legs: Legs,
    show?: Show,
  ): Promise<readonly StepTally[]> {
    this.#legs = legs;
    this.#steps = schedule.steps.map(() => new StepTally(this.#dialogue.legs.length));
    const start = this.#watch.now();
    let next = 0;
    let breath = start;
    let shown = start;
    for (;;) {
      const now = this.#watch.now();
      this.#receive();
      const isOver = this.#stopped || next >= schedule.total;
      if (!isOver) next = this.#begin(schedule, clientOf, next, now - start);
      this.#flush();
      this.#exchanges.expire(now - this.#habits.patience, this.#lose);
      if (isOver && !this.#exchanges.areUnderWay) break;
      if (show !== undefined && now - shown >= show.pause) {
        shown += show.pause;
        show.show({ time: now - start, steps: this.#steps, recent: this.#recent });
        this.#recent.clear();
      }
      if (now - breath >= BREATH) {
        await setImmediate();
        breath = this.#watch.now();
      }
      const due = isOver ? Number.POSITIVE_INFINITY : start + schedule.dueAt(next);
      this.#watch.sleepUntil(
        this.#exchanges.areUnderWay ? now + TURN : Math.min(Math.max(due, now + TURN), now + BREATH),
      );
    }
    return this.#steps;
  }

  /** @returns the number of the exchange that is next */
  #begin(schedule: Schedule, clientOf: (exchange: number) => number, first: number, time: number): number {
    let next = first;
    for (const late = schedule.dueBy(time - this.#habits.mostLag); next < late; next++) {
      this.#steps[schedule.stepOf(next)]!.skipped++;
    }
    const due = schedule.dueBy(time);
    if (next === due) return next;
    const lag = time - schedule.dueAt(next);
    // What has been received meanwhile has its turn first.
    for (const end = Math.min(due, next + RECEIVE); next < end && !this.#exchanges.areTooMany; next++) {
      const step = schedule.stepOf(next);
      const tally = this.#steps[step]!;
      if (lag > tally.lag) tally.lag = lag;
      this.#send(this.#exchanges.begin(clientOf(next), step, this.#legs.from));
    }
    return next;
  }

  #receive(): void {
    const { transport } = this.#link;
    for (let batch = transport.receive(RECEIVE); batch !== undefined; batch = transport.receive(RECEIVE)) {
      for (const datagram of batch.datagrams) this.#answer(datagram);
      batch.release();
    }
  }

  #answer(datagram: Datagram<Address>): void {
    const dialogue = this.#dialogue;
    const { reply } = dialogue;
    const reading = dialogue.read(datagram);
    if (reading !== "reply") {
      this.strays[reading]++;
      return;
    }
    const { leg } = reply;
    const exchanges = this.#exchanges;
    const slot = exchanges.match(reply.number, leg);
    if (slot < 0) {
      this.#countStray(slot, leg, exchanges.slotOf(reply.number));
      return;
    }
    if (!dialogue.isFor(exchanges.clientOf(slot))) {
      this.strays.foreign++;
      return;
    }
    const tally = this.#steps[exchanges.stepOf(slot)]!.legs[leg]!;
    const delay = datagram.received - exchanges.sentAt(slot);
    if (delay > this.#habits.patience) {
      // It is given up with those that began before it.
      exchanges.lose(slot);
      tally.lost++;
      tally.late++;
      return;
    }
    if (!reply.isGranted) {
      tally.refused++;
      exchanges.end(slot);
      return;
    }
    tally.answered++;
    tally.delays.add(delay);
    if (delay > this.#habits.slow) tally.slow.push({ sent: performance.timeOrigin + exchanges.sentAt(slot), delay });
    const client = exchanges.clientOf(slot);
    if (dialogue.keep(client)) tally.moved++;
    const next = dialogue.legs[leg + 1];
    const isLast = leg === this.#legs.to || (next?.message === "release" && !this.#habits.releases(client));
    if (isLast || next?.isAnswered === false) {
      this.#recent.add(delay);
      this.#steps[exchanges.stepOf(slot)]!.completed++;
    }
    if (isLast) {
      exchanges.end(slot);
      return;
    }
    exchanges.proceed(slot, leg + 1);
    this.#send(slot);
  }

  #countStray(stray: number, leg: number, slot: number): void {
    if (stray === Stray.foreign) {
      this.strays.foreign++;
      return;
    }
    const tally = this.#steps[this.#exchanges.stepOf(slot)]!.legs[leg]!;
    if (stray === Stray.late) tally.late++;
    else tally.duplicates++;
  }

  readonly #lose = (slot: number): void => {
    this.#steps[this.#exchanges.stepOf(slot)]!.legs[this.#exchanges.legOf(slot)]!.lost++;
  };

  #send(slot: number): void {
    const exchanges = this.#exchanges;
    const dialogue = this.#dialogue;
    const client = exchanges.clientOf(slot);
    this.#batch ??= this.#link.transport.newSendBatch();
    const { buffer, offset } = this.#batch.reserve(dialogue.capacity);
    const length = dialogue.write(exchanges.legOf(slot), client, exchanges.numberOf(slot), buffer, offset);
    this.#batched[this.#batch.size] = slot;
    this.#batch.add(length, this.#link.destinationOf(client));
    if (this.#batch.size === BATCH) this.#flush();
  }

  #flush(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#batch = undefined;
    const exchanges = this.#exchanges;
    const now = this.#watch.now();
    const { size } = batch;
    const failures = batch.send();
    for (let i = 0; i < size; i++) {
      const slot = this.#batched[i]!;
      exchanges.setSent(slot, now);
      const leg = exchanges.legOf(slot);
      this.#steps[exchanges.stepOf(slot)]!.legs[leg]!.sent++;
      if (!this.#dialogue.legs[leg]!.isAnswered) exchanges.end(slot);
    }
    for (const { index } of failures) {
      const slot = this.#batched[index]!;
      const tally = this.#steps[exchanges.stepOf(slot)]!.legs[exchanges.legOf(slot)]!;
      tally.sent--;
      tally.unsent++;
      exchanges.end(slot);
    }
  }
}
