/** When to look for packets, and how many to serve at a time: at once when little comes, in batches when there is much to do. */
import type { Transport } from "@kotare/netio/transports/datagram";
import type { Clock, Milliseconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { LeaseStore } from "../../leases/model/lease-store.ts";
import type { Intake, Waiting } from "./intake.ts";

/** Packets gather where so many come a millisecond, for so long; so often is looked for them while the store is the limit. */
export interface Gathering {
  readonly worth: number;
  readonly time: Milliseconds;
  /** Where fewer would come in that time, as many as these are waited for, but not for longer. */
  readonly crowd?: { readonly size: number; readonly longest: Milliseconds };
}
/**
 * To wake up for one costs as much as to serve three; who has time for that answers sooner. Where many come each turn finds the
 * processor's caches full of what others did meanwhile, so that the same code takes longer: half as many turns are worth waiting for.
 */
export const HERE: Gathering = { worth: 4, time: 2 };
/** Answers wait for another host, too, which has as much to do for a batch as for ten packets, and so has who asks it. */
export const ELSEWHERE: Gathering = { worth: 3, time: 6 };
/** Each batch asks a database before it is decided about: the round trip costs as much as to serve ten, and all wait for it. */
export const TRIPS: Gathering = { worth: 1, time: 2, crowd: { size: 16, longest: 8 } };
/** Over so many times of gathering packets are counted, at least: those of fewer come and go in waves, as clients answer replies. */
const COUNTING = 8;
/** Keeps a turn of the main loop at about 2 ms, and the burst of replies small enough for a relay with a default buffer. */
const BATCH_LIMIT = 64;
/** More than 64 messages have that are not extraordinarily long. One with 80 associations costs what 20 others do. */
const BATCH_BYTES = 24 * 1024;
/** Frames taken out of the kernel in one turn; twice what the ring holds would never end under overload. */
const RECEIVE_LIMIT = 8192;

type StoreTurns = Pick<LeaseStore<Lease>, "batchesInFlight" | "gathers">;

/** @param onStored called where the store is done with the batch before its replies can leave: others have their turn */
export type Serve<Address> = (batch: readonly Waiting<Address>[], onStored: () => void) => Promise<void>;

export class Turns<Address> {
  readonly #transport: Transport<Address>;
  readonly #intake: Intake<Address>;
  readonly #serve: Serve<Address>;
  readonly #store: StoreTurns;
  /** A set, filled and emptied for ever, would leave a chain of outgrown tables that keep one another's packets alive. */
  readonly #inFlight: Promise<void>[] = [];
  /** Batches that the store is not done with. */
  #storing = 0;
  /** Fires when the packets gathered since the last turn are due. */
  #timer: Timer;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #gathering: () => Gathering;
  #counted = 0;
  #countedSince: Milliseconds;
  #isBusy = false;
  /** Packets a millisecond, where it is busy. */
  #rate = 0;
  /** Whether the next batch is to begin in a turn of the main loop of its own. */
  #isNext = false;
  #isStopped = false;

  /** @param gathering asked again and again */
  constructor(
    transport: Transport<Address>,
    intake: Intake<Address>,
    serve: Serve<Address>,
    store: StoreTurns,
    clock: Pick<Clock, "monotonic">,
    gathering: () => Gathering,
  ) {
    this.#transport = transport;
    this.#intake = intake;
    this.#serve = serve;
    this.#store = store;
    this.#clock = clock;
    this.#gathering = gathering;
    this.#countedSince = clock.monotonic();
    this.#timer = Timer.after(HERE.time, () => this.#turn());
    transport.start(() => this.#turn());
  }

  /** Packets that wait for their turn. */
  get waiting(): number {
    return this.#intake.size;
  }

  /** @param before packets that have come since the last turn that began with none */
  #turn(before = 0): void {
    if (!this.#isStopped && !this.#isNext) this.#serveWaiting(before + this.#receive());
  }

  /** @param received as `before`, with those that have just come */
  #serveWaiting(received: number): void {
    if (this.#isStopped) return;
    while (this.#intake.size > 0 && this.#storing < this.#store.batchesInFlight) {
      this.#begin(this.#intake.take(BATCH_LIMIT, BATCH_BYTES));
      const left = this.#intake.size;
      if (left > 0) {
        // The disk gets its turn after each batch; under load, when more wait than the next one takes, so does the kernel's ring.
        this.#transport.pause();
        this.#next(() => (left > BATCH_LIMIT ? this.#turn(received) : this.#serveWaiting(received)));
        return;
      }
    }
    if ((this.#gathers(received) && received > 0) || this.#intake.size > 0) {
      this.#transport.pause();
      this.#timer.stop();
      this.#timer = Timer.after(this.#gatheringTime, () => this.#turn());
    } else this.#transport.resume();
  }

  /** One batch in a turn of the main loop, however many have ended in it: one sync of a disk may end all of them. */
  #next(turn: () => void): void {
    if (this.#isNext) return;
    this.#isNext = true;
    setImmediate(() => {
      this.#isNext = false;
      turn();
    });
  }

  /** Whether packets are coming so fast that they should gather. */
  #gathers(received: number): boolean {
    if (!this.#store.gathers) return false;
    this.#counted += received;
    const now = this.#clock.monotonic();
    const time = now - this.#countedSince;
    const { worth, time: least, crowd } = this.#gathering();
    if (time >= COUNTING * (crowd?.longest ?? least)) {
      this.#rate = this.#counted / time;
      this.#isBusy = this.#rate >= worth;
      this.#counted = 0;
      this.#countedSince = now;
    }
    return this.#isBusy;
  }

  get #gatheringTime(): Milliseconds {
    const { time, crowd } = this.#gathering();
    if (crowd === undefined || !this.#isBusy) return time;
    return Math.min(crowd.longest, Math.max(time, Math.round(crowd.size / this.#rate)));
  }

  #receive(): number {
    let received = 0;
    while (received < RECEIVE_LIMIT) {
      const batch = this.#transport.receive(RECEIVE_LIMIT - received);
      if (batch === undefined) break;
      received += batch.datagrams.length;
      this.#intake.add(batch);
    }
    return received;
  }

  #begin(batch: readonly Waiting<Address>[]): void {
    this.#storing++;
    let isStoring = true;
    const stored = () => {
      if (!isStoring) return;
      isStoring = false;
      this.#storing--;
      if (this.#intake.size > 0) this.#next(() => this.#turn());
    };
    const served = this.#serve(batch, stored).finally(() => {
      this.#inFlight.splice(this.#inFlight.indexOf(served), 1);
      stored();
    });
    this.#inFlight.push(served);
  }

  /** Takes no more packets and waits until those in flight are answered. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer.stop();
    this.#transport.pause();
    await Promise.allSettled(this.#inFlight);
  }
}
