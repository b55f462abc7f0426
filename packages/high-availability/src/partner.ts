/** What a server knows of its partner: from heartbeats, and from attempts to reach it that failed. */
import { isState, type State } from "./state.ts";

/** A heartbeat's answer, as far as it is looked at. */
interface Told {
  readonly state: State;
  readonly scopes: readonly string[];
  /** Seconds that its clock is ahead. */
  readonly skew: number;
  readonly unsent: number;
}

export class Partner {
  #state: State | "unavailable" | "unknown" = "unknown";
  /** The last one that it has told. */
  lastState: State | "" = "";
  scopes: readonly string[] = [];
  skew = 0;
  /** Whether it has told lately of changes that it could not send. */
  hasUnsent = false;
  /** Milliseconds, of a clock that does not jump. */
  lastHeard: number;
  /** Whether nobody listens where it should: it does not run. */
  isRefusing = false;
  #unsent = 0;

  constructor(now: number) {
    this.lastHeard = now;
  }

  get state(): State | "unavailable" | "unknown" {
    return this.#state;
  }

  /** @param answer the arguments of a heartbeat's answer @param wall in seconds @throws where they are none */
  heard(answer: unknown, now: number, wall: number): void {
    const { state, scopes, skew, unsent } = readTold(answer, wall);
    this.hasUnsent = unsent > 0 && unsent !== this.#unsent;
    this.#unsent = unsent;
    this.#state = state;
    this.lastState = state;
    this.scopes = scopes;
    this.skew = skew;
    this.lastHeard = now;
    this.isRefusing = false;
  }

  /** An attempt to reach it has failed. */
  lost(error: Error): void {
    this.#state = "unavailable";
    this.isRefusing = (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  }

  /** Whatever it was, nothing is known of it now. */
  forget(now: number): void {
    this.#state = "unknown";
    this.lastHeard = now;
    this.isRefusing = false;
  }
}

function readTold(answer: unknown, wall: number): Told {
  const {
    state,
    scopes,
    "date-time": time,
    "unsent-update-count": unsent = 0,
  } = (answer ?? {}) as Record<string, unknown>;
  if (typeof state !== "string" || !isState(state)) throw new Error("its heartbeat tells no state");
  const told = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return {
    state,
    scopes: Array.isArray(scopes) ? scopes.map(String) : [],
    skew: Math.round(told / 1000 - wall) || 0,
    unsent: Number(unsent),
  };
}
