/** What a run came to, as it is written for programs. */
import type { Leg } from "../clients/dialogue.ts";
import type { Schedule } from "../run/schedule.ts";
import type { LegTally, SlowReply, StepTally } from "./tally.ts";

/** Milliseconds. */
export interface Delays {
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** One message of an exchange and its reply. Sent are answered, refused and lost together. */
export interface LegReport {
  /** `DISCOVER-OFFER` and so on. */
  readonly name: string;
  readonly sent: number;
  readonly answered: number;
  readonly refused: number;
  readonly lost: number;
  /** Of the lost: those whose reply came after all. */
  readonly late: number;
  readonly duplicates: number;
  /** Of the answered: those that gave a client another lease than it had. */
  readonly moved: number;
  /** What this host's kernel did not take. */
  readonly unsent: number;
  /** Left out where nothing was answered. */
  readonly delays?: Delays;
  /** Replies that took longer than was asked for, as they came. */
  readonly slow: readonly SlowReply[];
}

export interface StepReport {
  /** Exchanges per second that were to begin. */
  readonly rate: number;
  readonly seconds: number;
  readonly begun: number;
  readonly completed: number;
  /** Exchanges that did not begin, for the generator was busy. */
  readonly skipped: number;
  /** Milliseconds that one began too late, at most. */
  readonly lag: number;
  readonly legs: readonly LegReport[];
}

export interface LoadReport {
  readonly family: 4 | 6;
  readonly steps: readonly StepReport[];
  /** Replies to nobody here, while all of it ran. */
  readonly foreign: number;
  /** Replies that nobody could read, while all of it ran. */
  readonly malformed: number;
  /** Replies that this host had no room for. */
  readonly droppedHere: number;
}

/** @param legs those that were played; the first of them is leg number `from` of the tallies */
export function reportSteps(
  schedule: Schedule,
  legs: readonly Leg[],
  steps: readonly StepTally[],
  from: number,
): StepReport[] {
  return steps.map((step, index) => {
    const { rate, seconds } = schedule.steps[index]!;
    const tallies = step.legs.slice(from, from + legs.length);
    const first = tallies[0]!;
    return {
      rate,
      seconds: Math.min(seconds, schedule.total / rate),
      begun: first.sent + first.unsent,
      completed: step.completed,
      skipped: step.skipped,
      lag: step.lag,
      legs: tallies.map((leg, i) => reportLeg(legs[i]!, leg)),
    };
  });
}

function reportLeg({ name }: Leg, tally: LegTally): LegReport {
  const { sent, answered, refused, lost, late, duplicates, moved, unsent, delays, slow } = tally;
  const { mean, min, max } = delays;
  const [p50, p90, p99, p999] = [0.5, 0.9, 0.99, 0.999].map((share) => delays.percentile(share)) as [
    number,
    number,
    number,
    number,
  ];
  const counts = { name, sent, answered, refused, lost, late, duplicates, moved, unsent, slow };
  return answered === 0 ? counts : { ...counts, delays: { mean, min, p50, p90, p99, p999, max } };
}

/** The share of the exchanges begun that did not complete. */
export function lossOf({ steps }: Pick<LoadReport, "steps">): number {
  const begun = steps.reduce((sum, step) => sum + step.begun, 0);
  const completed = steps.reduce((sum, step) => sum + step.completed, 0);
  return begun === 0 ? 1 : 1 - completed / begun;
}
