/** Tells an extension what has come about, beside service: it is never waited for, and what it cannot take is counted. */
import type { Contributions, Event, Lease } from "@kotare/extension";
import type { Milliseconds } from "../base/clock.ts";
import { LeaseState } from "../leases/model/lease.ts";
import type { Logger } from "../log/logger.ts";
import { extensionMessages } from "./messages.ts";
import { RareLog } from "./rare-log.ts";

/** So many events may wait for an extension that is busy. */
const ROOM = 4096;
/** What takes longer has failed: it is told the next events all the same. */
const PATIENCE: Milliseconds = 60_000;

/** Of a running extension: what is told to it is asked of it, and fails for itself only. */
export interface Observing {
  readonly name: string;
  readonly contributions: Pick<Contributions, "observe" | "observed">;
  ask<R>(what: string, run: () => R | Promise<R>, limit: Milliseconds): Promise<R>;
}

export class Observer {
  readonly #extension: Observing;
  readonly #failures: RareLog;
  readonly #losses: RareLog;
  #waiting: Event[] = [];
  /** Events that found no room, since the start. */
  #lost = 0;
  #telling: Promise<void> | undefined;

  constructor(extension: Observing, log: Logger) {
    this.#extension = extension;
    this.#failures = new RareLog({ warn: (text) => log.log(extensionMessages.EXTENSION_OBSERVER_FAILED, { text }) });
    this.#losses = new RareLog({ warn: (text) => log.log(extensionMessages.EXTENSION_OBSERVER_SLOW, { text }) });
  }

  /** @param kinds of events: whether it wants to be told of any of them */
  wants(...kinds: readonly Event["kind"][]): boolean {
    const { observe, observed } = this.#extension.contributions;
    return observe !== undefined && (observed === undefined || kinds.some((kind) => observed.includes(kind)));
  }

  add(all: readonly Event[]): void {
    const events = all.filter(({ kind }) => this.wants(kind));
    if (events.length === 0) return;
    const taken = events.slice(0, ROOM - this.#waiting.length);
    this.#waiting.push(...taken);
    const lost = events.length - taken.length;
    this.#lost += lost;
    if (lost > 0) this.#losses.warn(`${this.#extension.name} was not told of ${this.#lost} events: it is too slow`);
    this.#telling ??= this.#tell();
  }

  /** Resolves when it has been told everything, and the log what there was to say. Nothing is told from then on. */
  async settled(): Promise<void> {
    await this.#telling;
    this.#failures.stop();
    this.#losses.stop();
  }

  async #tell(): Promise<void> {
    const { contributions } = this.#extension;
    while (this.#waiting.length > 0) {
      // Packets that wait have their turn first.
      await new Promise(setImmediate);
      const events = this.#waiting;
      this.#waiting = [];
      try {
        await this.#extension.ask("observe", () => contributions.observe?.(events), PATIENCE);
      } catch (error) {
        this.#failures.warn(`${(error as Error).message}; it was told of ${events.length} events`);
      }
    }
    this.#telling = undefined;
  }
}

/** Tells all that want to know. @param make what there is to tell, if anybody does */
export function tellObservers(
  extensions: readonly { readonly observer: Observer }[],
  kind: Event["kind"],
  make: () => Event,
): void {
  const observing = extensions.filter(({ observer }) => observer.wants(kind));
  if (observing.length === 0) return;
  const events = [make()];
  for (const { observer } of observing) observer.add(events);
}

/** Of a lease whose time is over. */
export function overKind({ state }: Pick<Lease, "state">): "expired" | "recovered" {
  return state === LeaseState.declined ? "recovered" : "expired";
}

/** @param lease as it was @param isRemoved whether leases are not kept for their clients */
export function overEvent(lease: Lease, isRemoved: boolean): Event {
  return { kind: overKind(lease), lease, isRemoved };
}
