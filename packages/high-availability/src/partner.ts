/** What a server knows of its partner: from heartbeats, and from attempts to reach it that failed. */
import { type Healing, readHealing } from "./healing.ts";
import { isState, type State, serves } from "./state.ts";

/** A heartbeat's answer, as far as it is looked at. */
interface Told {
  readonly state: State;
  readonly scopes: readonly string[];
  /** In whole seconds; `undefined` where it does not say. */
  readonly time: number | undefined;
  readonly unsent: number;
  readonly healing: Healing | undefined;
}

/** Between which seconds a clock is ahead. */
interface Range {
  readonly least: number;
  readonly most: number;
}

const EQUAL: Range = { least: 0, most: 0 };

/** Seconds: less is not worth moving leases for, and differs from one reading to the next. */
const APART = 3;

export class Partner {
  #state: State | "unavailable" | "unknown" = "unknown";
  /** The last one that it has told. */
  lastState: State | "" = "";
  scopes: readonly string[] = [];
  /** Seconds by which its clock is ahead: as before, for as long as that may be, since most clocks are kept together. */
  skew = 0;
  /** Of one of ours. */
  healing: Healing | undefined;
  /** Whether it has told lately of changes that it could not send. */
  hasUnsent = false;
  /** Milliseconds, of a clock that does not jump. */
  lastHeard: number;
  /** Whether nobody listens where it should: it does not run. */
  isRefusing = false;
  #unsent = 0;
  #clock: Range | undefined;
  /** What was asked before is answered with what is forgotten. */
  #forgotten = Number.NEGATIVE_INFINITY;

  constructor(now: number) {
    this.lastHeard = now;
  }

  get state(): State | "unavailable" | "unknown" {
    return this.#state;
  }

  /**
   * @param answer the arguments of a heartbeat's answer
   * @param began when it was asked for, by a clock that does not jump, and `now` when it came
   * @param sent when it was asked for, in seconds of this server's own clock
   * @param received when it came
   * @throws where it is none
   */
  heard(answer: unknown, { began, now }: { began: number; now: number }, sent: number, received: number): void {
    const { state, scopes, time, unsent, healing } = readTold(answer);
    this.hasUnsent = unsent > 0 && unsent !== this.#unsent;
    this.#unsent = unsent;
    if (began > this.#forgotten) this.#state = state;
    this.lastState = state;
    this.scopes = scopes;
    this.healing = healing;
    // It tells whole seconds.
    this.#clock = time === undefined ? EQUAL : narrowed({ least: time - received, most: time + 1 - sent }, this.#clock);
    const { least, most } = this.#clock;
    if (this.skew < least || this.skew > most) this.skew = Math.round((least + most) / 2);
    this.lastHeard = now;
    this.isRefusing = false;
  }

  /** Seconds by which times of leases of one of ours differ from this server's; clocks that are kept together do not. */
  get ahead(): number {
    return this.healing === undefined || Math.abs(this.skew) < APART ? 0 : this.skew;
  }

  /** Whether it is a Kea that may be fetching leases: it gives no answer then, or was about to when it gave the last one. */
  get mayFetch(): boolean {
    const state = this.#state;
    return this.healing === undefined && (state === "unknown" || state === "unavailable" || !serves(state));
  }

  /**
   * How long to wait for an answer, or until it is asked again: while it does not answer, no longer than it may be silent.
   * @param usual milliseconds @param silence milliseconds for which it may be
   */
  inTime(usual: number, now: number, silence: number): number {
    const left = this.lastHeard + silence + 1 - now;
    return this.#state === "unavailable" && left > 0 ? Math.min(usual, left) : usual;
  }

  /** An attempt to reach it has failed. */
  lost(error: Error): void {
    this.#state = "unavailable";
    this.isRefusing = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  }

  /** Whatever it was, nothing is known of it now. */
  forget(now: number): void {
    this.#forgotten = now;
    this.#state = "unknown";
    this.lastHeard = now;
    this.isRefusing = false;
  }
}

/**
 * A server that had no processor meanwhile does not know when in all that time its partner has read its clock. So what it knew
 * before counts as well, for as long as that may still be.
 */
function narrowed({ least, most }: Range, before: Range = { least, most }): Range {
  const both = { least: Math.max(least, before.least), most: Math.min(most, before.most) };
  return both.least <= both.most ? both : { least, most };
}

function readTold(answer: unknown): Told {
  const {
    state,
    scopes,
    "date-time": time,
    "unsent-update-count": unsent,
    healing,
  } = (answer ?? {}) as Record<string, unknown>;
  if (typeof state !== "string" || !isState(state)) throw new Error("its heartbeat tells no state");
  const told = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return {
    state,
    scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [],
    time: Number.isNaN(told) ? undefined : told / 1000,
    unsent: typeof unsent === "number" ? unsent : 0,
    healing: readHealing(healing),
  };
}
