/**
 * What has become of leases and packets, for whoever looks on. Only while somebody asks again and again are events kept:
 * a limited number, and beyond it they are only counted.
 */
import type { Clock, Milliseconds, Seconds } from "../../../base/clock.ts";
import { Timer } from "../../../base/timer.ts";
import { expiryOf, isUsed, type Lease, LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseWatcher } from "../../../leases/model/lease-store.ts";

/** `removed` is what a command does, or a client that moves. */
export type LeaseEventKind = "given" | "renewed" | "released" | "declined" | "expired" | "removed";

/** A packet that gets no answer. */
export interface DropEvent {
  /** How lines of the log name it: UTF-8. */
  readonly client: Uint8Array;
  readonly interface: string;
  readonly why: string;
}

type Happening<L> = { readonly kind: LeaseEventKind; readonly lease: L } | ({ readonly kind: "dropped" } & DropEvent);

export type Event<L> = Happening<L> & { readonly number: number; readonly time: Seconds };

export interface Events<L> {
  readonly events: readonly Event<L>[];
  /** The number that the next event will have. */
  readonly next: number;
  /** How many of those asked for are not kept. */
  readonly lost: number;
}

/** Kept at most, and taken at most between two questions. */
const MOST = 1000;
/** Nobody looks on who has not asked for so long. */
const PATIENCE: Milliseconds = 30_000;

export class RecentEvents<L extends Lease> implements LeaseWatcher<L> {
  readonly #clock: Clock;
  readonly #leaseTime: () => Seconds;
  #kept: Event<L>[] = [];
  #next = 1;
  #unread = 0;
  #forgetting: Timer | undefined;

  /** @param leaseTime of the lease clock */
  constructor(clock: Clock, leaseTime: () => Seconds) {
    this.#clock = clock;
    this.#leaseTime = leaseTime;
  }

  /** Whether somebody looks on. */
  get isWatched(): boolean {
    return this.#forgetting !== undefined;
  }

  /** @param from the `next` of the question before; all that are kept unless given */
  since(from = 0): Events<L> {
    this.#forgetting?.stop();
    this.#forgetting = Timer.after(PATIENCE, () => this.#forget()).unref();
    this.#unread = 0;
    const first = from > this.#next ? 0 : from;
    const events = this.#kept.filter(({ number }) => number >= first).slice(-MOST);
    return { events, next: this.#next, lost: first === 0 ? 0 : this.#next - first - events.length };
  }

  put(lease: L, before: L | undefined): void {
    if (!this.isWatched) return;
    this.#add({ kind: this.#kindOf(lease, before), lease });
  }

  discard(lease: L): void {
    if (!this.isWatched || lease.state === LeaseState.reclaimed) return;
    this.#add({ kind: this.#isOver(lease) ? "expired" : "removed", lease });
  }

  dropped(drop: DropEvent): void {
    this.#add({ kind: "dropped", ...drop, client: drop.client.slice() });
  }

  #add(happening: Happening<L>): void {
    const number = this.#next++;
    if (this.#unread === MOST) return;
    this.#unread++;
    this.#kept.push({ number, time: this.#clock.wall(), ...happening });
    if (this.#kept.length === 2 * MOST) this.#kept = this.#kept.slice(-MOST);
  }

  #forget(): void {
    this.#forgetting = undefined;
    this.#kept = [];
  }

  #kindOf(lease: L, before: L | undefined): LeaseEventKind {
    const wasHeld = before !== undefined && isUsed(before) && !this.#isOver(before);
    if (lease.state === LeaseState.declined) return "declined";
    if (lease.state === LeaseState.reclaimed) return wasHeld ? "released" : "expired";
    return wasHeld ? "renewed" : "given";
  }

  #isOver(lease: L): boolean {
    return expiryOf(lease) <= this.#leaseTime();
  }
}
