/**
 * What a server of a pair does next: pure, no sockets and no clock. Whoever runs it tells it what it has heard of the partner, and
 * carries out what the new state asks for.
 */
import type { State } from "./state.ts";

/** What does not change while a pair is in force. */
export interface Pair {
  readonly mode: "hot-standby" | "load-balancing" | "passive-backup";
  /** The state of a server that has no partner. */
  readonly alone?: "passive-backup" | "backup" | undefined;
  readonly isPrimary: boolean;
  /** Whether leases are fetched from the partner before service. */
  readonly syncs: boolean;
  /** Of a partner that cannot be reached. @property 0: none need be */
  readonly mostUnacked: number;
  /** Changes that are kept for the partner; 0: the state for that is left out. */
  readonly mostDelayed: number;
  /** Clients whose leases the partner may reject; 0 for any number. */
  readonly mostRejected: number;
}

/** What is known when a step is decided about. */
export interface Situation {
  readonly state: State;
  /** Nothing changes until somebody says so. */
  readonly isPaused: boolean;
  /** Milliseconds that the server has been in it. */
  readonly age: number;
  /** The state that the partner has told last; `unavailable` if the last attempt to reach it has failed; `unknown` before any. */
  readonly partner: State | "unavailable" | "unknown";
  /** No heartbeat has been answered for longer than the partner may be silent. */
  readonly isInterrupted: boolean;
  /** The partner's clients that have tried for too long. */
  readonly unacked: number;
  /** Clients whose leases the partner has rejected. */
  readonly rejected: number;
  /** Seconds between the clocks, whichever is ahead. */
  readonly skew: number;
  /** Whether the partner may have leases that this server has not fetched. */
  readonly hasUnsent: boolean;
  /** Whether the partner is one of ours. */
  readonly heals: boolean;
  /** Changes that were to be kept for the partner have found no room. */
  readonly hasOverflown: boolean;
}

/** Clocks further apart end the pair. */
export const MOST_SKEW = 60;
/** So long a server waits for a partner that has ended the pair. */
const TERMINATED_PATIENCE = 10 * 60_000;

/** @returns the state that comes next; the same one where nothing changes */
export function nextState(pair: Pair, situation: Situation): State {
  const { state, partner, isPaused } = situation;
  if (isPaused) return state;
  if (pair.alone !== undefined) return state === "waiting" ? pair.alone : state;
  const rule = RULES[state];
  if (rule === undefined) return state;
  if (state !== "terminated" && isHopeless(pair, situation)) return "terminated";
  if (partner === (pair.mode === "hot-standby" ? "load-balancing" : "hot-standby")) return "waiting";
  return rule(pair, situation) ?? state;
}

/** Kea's servers go on alone then. */
function isHopeless({ mostRejected }: Pair, { heals, skew, rejected }: Situation): boolean {
  return !heals && (skew > MOST_SKEW || (mostRejected > 0 && rejected >= mostRejected));
}

type Rule = (pair: Pair, situation: Situation) => State | undefined;

function isLost({ partner, isInterrupted }: Situation): boolean {
  return partner === "unavailable" && isInterrupted;
}

/** Whether it is sure enough that clients of the partner get no answer. */
function areClientsLost({ mode, isPrimary, mostUnacked }: Pair, { unacked }: Situation): boolean {
  // A standby never answers, so its clients cannot be counted.
  return mostUnacked === 0 || unacked > mostUnacked || (mode === "hot-standby" && isPrimary);
}

const waiting: Rule = (pair, situation) => {
  const prepared = pair.syncs ? "syncing" : "ready";
  if (isLost(situation)) return "partner-down";
  switch (situation.partner) {
    case "hot-standby":
    case "load-balancing":
    case "communication-recovery":
    case "partner-down":
    case "ready":
    case "in-maintenance":
    case "partner-in-maintenance":
      return prepared;
    case "waiting":
      return pair.isPrimary ? prepared : undefined;
    case "terminated":
      return situation.age > TERMINATED_PATIENCE ? "terminated" : undefined;
    default:
      return undefined;
  }
};

/** Whoever runs it goes on to `ready` when the leases are there. */
const syncing: Rule = (_, situation) => (isLost(situation) ? "partner-down" : undefined);

const ready: Rule = (pair, situation) => {
  if (isLost(situation)) return "partner-down";
  switch (situation.partner) {
    case "hot-standby":
    case "load-balancing":
    case "communication-recovery":
      return pair.mode;
    case "ready":
      return pair.isPrimary ? pair.mode : undefined;
    default:
      return maintained(situation);
  }
};

function maintained({ partner, heals }: Situation): State | undefined {
  if (partner === "in-maintenance") return "partner-in-maintenance";
  if (partner === "partner-in-maintenance") return "in-maintenance";
  return partner === "terminated" && !heals ? "terminated" : undefined;
}

const normal: Rule = (pair, situation) => {
  switch (situation.partner) {
    case "unavailable":
      if (situation.isInterrupted && areClientsLost(pair, situation)) return "partner-down";
      return pair.mode === "load-balancing" && pair.mostDelayed > 0 ? "communication-recovery" : undefined;
    case "partner-down":
      return "waiting";
    default:
      return maintained(situation);
  }
};

const communicationRecovery: Rule = (pair, situation) => {
  const { partner, isInterrupted, hasOverflown } = situation;
  switch (partner) {
    case "unavailable":
      return isInterrupted && areClientsLost(pair, situation) ? "partner-down" : undefined;
    case "load-balancing":
    case "communication-recovery":
      return hasOverflown ? "waiting" : "load-balancing";
    case "waiting":
    case "syncing":
    case "ready":
      return hasOverflown ? "waiting" : undefined;
    case "partner-down":
      return "waiting";
    default:
      return partner === "terminated" && !situation.heals ? "terminated" : undefined;
  }
};

const partnerDown: Rule = (pair, { partner, hasUnsent, heals }) => {
  switch (partner) {
    case "ready":
      // From one of ours they are fetched beside service.
      if (hasUnsent) return heals ? undefined : "waiting";
      return pair.mode;
    case "partner-down":
    case "communication-recovery":
    case "partner-in-maintenance":
      return "waiting";
    default:
      return undefined;
  }
};

/**
 * The administrator has begun anew with the partner, or it is another one by now; or what has ended the pair is over, and both
 * begin anew.
 */
const terminated: Rule = (pair, situation) => {
  const { partner, heals, age, skew } = situation;
  if (heals) return "waiting";
  if (skew > MOST_SKEW) return undefined;
  if (partner === "waiting" || partner === "syncing" || partner === "ready") return "waiting";
  if (isHopeless(pair, situation)) return undefined;
  return partner === "terminated" && age > TERMINATED_PATIENCE ? "waiting" : undefined;
};

/** The others are left by commands, or never. */
const RULES: Partial<Record<State, Rule>> = {
  waiting,
  syncing,
  ready,
  "hot-standby": normal,
  "load-balancing": normal,
  "communication-recovery": communicationRecovery,
  "partner-down": partnerDown,
  terminated,
  "partner-in-maintenance": (_, { partner }) => (partner === "unavailable" ? "partner-down" : undefined),
};
