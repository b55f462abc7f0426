/** When to look for packets, and how many to serve at a time: at once when little comes, in batches when there is much to do. */
import type { Transport } from "@kotare/netio/transports/datagram";
import type { Clock, Milliseconds } from "../../base/clock.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { LeaseStore } from "../../leases/model/lease-store.ts";
import type { Intake, Waiting } from "./intake.ts";

/** How long packets gather, and how often is looked for them while the store is the limit. */
const GATHER: Milliseconds = 1;
/**
 * So many packets a millisecond have to come that they are gathered. To wake up for one costs as much as to serve three; who
 * has time for that answers sooner.
 */
const WORTH_GATHERING = 4;
/** The same where each batch asks a database: its round trip costs as much as to serve ten. */
const TRIP_GATHER: Milliseconds = 2;
const TRIP_WORTH_GATHERING = 1;
/** Over which packets are counted, at least. */
const COUNTING: Milliseconds = 8;
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
  #timer: NodeJS.Timeout;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #hasTrips: () => boolean;
  #counted = 0;
  #countedSince: Milliseconds;
  #isBusy = false;
  #isStopped = false;

  /** @param hasTrips whether batches ask a database of reservations before they are decided about */
  constructor(
    transport: Transport<Address>,
    intake: Intake<Address>,
    serve: Serve<Address>,
    store: StoreTurns,
    clock: Pick<Clock, "monotonic">,
    hasTrips: () => boolean,
  ) {
    this.#transport = transport;
    this.#intake = intake;
    this.#serve = serve;
    this.#store = store;
    this.#clock = clock;
    this.#hasTrips = hasTrips;
    this.#countedSince = clock.monotonic();
    this.#timer = setTimeout(() => this.#turn(), GATHER);
    transport.start(() => this.#turn());
  }

  /** Packets that wait for their turn. */
  get waiting(): number {
    return this.#intake.size;
  }

  #turn(): void {
    if (this.#isStopped) return;
    const received = this.#receive();
    while (this.#intake.size > 0 && this.#storing < this.#store.batchesInFlight) {
      this.#begin(this.#intake.take(BATCH_LIMIT, BATCH_BYTES));
      // Under load the kernel's ring and the disk get their turn after each batch.
      if (this.#intake.size > 0) {
        this.#transport.pause();
        setImmediate(() => this.#turn());
        return;
      }
    }
    if ((this.#gathers(received) && received > 0) || this.#intake.size > 0) {
      this.#transport.pause();
      clearTimeout(this.#timer);
      const turn = () => this.#turn();
      this.#timer = this.#hasTrips() ? setTimeout(turn, TRIP_GATHER) : setTimeout(turn, GATHER);
    } else this.#transport.resume();
  }

  /** Whether packets are coming so fast that they should gather. */
  #gathers(received: number): boolean {
    if (!this.#store.gathers) return false;
    this.#counted += received;
    const now = this.#clock.monotonic();
    const time = now - this.#countedSince;
    if (time >= COUNTING) {
      const worth = this.#hasTrips() ? TRIP_WORTH_GATHERING : WORTH_GATHERING;
      this.#isBusy = this.#counted >= worth * time;
      this.#counted = 0;
      this.#countedSince = now;
    }
    return this.#isBusy;
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
      if (this.#intake.size > 0) this.#turn();
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
    clearTimeout(this.#timer);
    this.#transport.pause();
    await Promise.allSettled(this.#inFlight);
  }
}
