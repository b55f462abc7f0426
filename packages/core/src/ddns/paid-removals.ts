/** Confirmed removals on their way into the leases that owe them, which is tried until it has been done. */
import type { Milliseconds } from "../base/clock.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { LeaseBatch } from "../leases/model/lease-store.ts";
import { keyOfRemoval, type OwedRemoval } from "../leases/user-context/owed-removals.ts";
import type { Flight } from "./due-names.ts";
import type { NamedFamily, NamedStore } from "./named-family.ts";

/** With one commit. */
const TOGETHER = 64;
/** Until a disk or a database that has failed is tried again. */
const RETRY_TIME: Milliseconds = 1000;

export class PaidRemovals<L extends Lease, Batch extends LeaseBatch<L>> {
  readonly #family: NamedFamily<L, Batch>;
  readonly #store: NamedStore<L, Batch>;
  readonly #sleep: (time: Milliseconds) => Promise<void>;
  readonly #onSettled: (flights: readonly Flight<L>[]) => void;
  #waiting: Flight<L>[] = [];
  /** Those of the batch that is being made. */
  #round: readonly Flight<L>[] = [];
  #isRunning = false;

  /** @param onSettled told of those that are durable */
  constructor(
    family: NamedFamily<L, Batch>,
    store: NamedStore<L, Batch>,
    sleep: (time: Milliseconds) => Promise<void>,
    onSettled: (flights: readonly Flight<L>[]) => void,
  ) {
    this.#family = family;
    this.#store = store;
    this.#sleep = sleep;
    this.#onSettled = onSettled;
  }

  add(flight: Flight<L>): void {
    this.#waiting.push(flight);
    if (!this.#isRunning) void this.#run();
  }

  /** Whether what a lease owes is among those that are being written. */
  includes(lease: L, removal: OwedRemoval): boolean {
    if (this.#round.length === 0) return false;
    const address = this.#family.addressOf(lease);
    const key = keyOfRemoval(removal);
    return this.#round.some((paid) => paid.due.address === address && keyOfRemoval(paid.removal!) === key);
  }

  clear(): void {
    this.#waiting = [];
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // What has been confirmed with the same datagram goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const round = this.#waiting.splice(0, TOGETHER);
      while (!(await this.#settle(round))) await this.#sleep(RETRY_TIME);
      this.#onSettled(round);
    }
    this.#isRunning = false;
  }

  /** @returns whether it is durable */
  async #settle(round: readonly Flight<L>[]): Promise<boolean> {
    const leases = new Map(round.map(({ due, lease }) => [due.address, lease]));
    try {
      const batch = this.#store.begin();
      for (const lease of leases.values()) this.#family.find(batch, lease);
      if (batch.missed > 0) await batch.load();
      // The succession leaves out what is paid.
      this.#round = round;
      for (const lease of leases.values()) {
        const current = this.#family.find(batch, lease);
        if (current !== undefined) batch.put(current);
      }
      this.#round = [];
      return (await batch.commit()).kind === "durable";
    } catch {
      // A database that does not answer; the store has told why.
      this.#round = [];
      return false;
    }
  }
}
