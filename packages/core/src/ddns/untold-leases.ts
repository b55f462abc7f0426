/** Leases whose names found no room to be remembered, or were told of before a restart: they are found again by their times. */
import { promisify } from "node:util";
import type { Milliseconds, Seconds } from "../base/clock.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { LeaseBatch } from "../leases/model/lease-store.ts";
import { owesRemovals } from "../leases/user-context/owed-removals.ts";
import type { NamedFamily } from "./named-family.ts";
import { isPublished } from "./published-name.ts";

const pause = promisify(setImmediate);

/** Leases looked at between two chances for packets: half a millisecond, and worth a round trip. */
const PAGE = 250;
const ROOM_CHECK: Milliseconds = 100;
/** In which what was put before is durable, or has been undone. */
const SETTLING_TIME: Milliseconds = 2000;

export interface UntoldLeasesParts<L extends Lease, Batch extends LeaseBatch<L>> {
  readonly family: NamedFamily<L, Batch>;
  /** Of the lease clock. */
  readonly now: () => Seconds;
  readonly monotonic: () => Milliseconds;
  readonly sleep: (time: Milliseconds) => Promise<void>;
  /** Whether there is room for one more. */
  readonly hasRoom: () => boolean;
  /** Told of each lease that is found, when there is room. */
  readonly onFound: (lease: L) => void;
  readonly onUnread: (error: Error) => void;
}

export class UntoldLeases<L extends Lease, Batch extends LeaseBatch<L>> {
  readonly #parts: UntoldLeasesParts<L, Batch>;
  /** Names of leases heard of since then may have found no room; `undefined` when all have. */
  #behind: Seconds | undefined;
  /** The same of those that are being looked for. */
  #catchingUp: Seconds | undefined;

  constructor(parts: UntoldLeasesParts<L, Batch>) {
    this.#parts = parts;
  }

  /** Whether leases are to be looked for. */
  get areThere(): boolean {
    return this.#behind !== undefined;
  }

  /** Since when names may be untold, those that are being looked for included; `undefined` when all have been found. */
  get since(): Seconds | undefined {
    if (this.#behind === undefined) return this.#catchingUp;
    return Math.min(this.#behind, this.#catchingUp ?? this.#behind);
  }

  /** Says that names may be untold from some time on, whatever was said before. */
  reset(since: Seconds | undefined): void {
    this.#behind = since;
  }

  add(since: Seconds): void {
    this.#behind = Math.min(this.#behind ?? since, since);
  }

  /**
   * Goes through the leases for them, once at a time.
   * @param isWanted whether names are still to be told to the same updater
   * @returns whether it has done so
   */
  async find(isWanted: () => boolean): Promise<boolean> {
    if (this.#catchingUp !== undefined || this.#behind === undefined) return false;
    const { now, monotonic, sleep, onUnread } = this.#parts;
    const since = this.#behind;
    this.#catchingUp = since;
    this.#behind = undefined;
    const drift = () => now() - monotonic() / 1000;
    const before = drift();
    const until = now();
    await sleep(SETTLING_TIME);
    try {
      // Names are free when those are out that they replace.
      await this.#sift(isWanted, (lease) => owesRemovals(lease.userContext));
      await this.#sift(isWanted, (lease) => lease.cltt >= since && lease.cltt <= until && isPublished(lease));
    } catch (error) {
      onUnread(error as Error);
      this.add(since);
    }
    // All leases have moved in time.
    if (drift() - before > 1) this.add(since);
    this.#catchingUp = undefined;
    return true;
  }

  async #sift(isWanted: () => boolean, isDue: (lease: L) => boolean): Promise<void> {
    const { family, sleep, hasRoom, onFound } = this.#parts;
    for (let page = await family.page(undefined, PAGE); page.length > 0; page = await family.page(page.at(-1), PAGE)) {
      for (const lease of page) {
        if (!isDue(lease)) continue;
        while (!hasRoom() && isWanted()) await sleep(ROOM_CHECK);
        if (!isWanted()) return;
        onFound(lease);
      }
      await pause();
    }
  }
}
