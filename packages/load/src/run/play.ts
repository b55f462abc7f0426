/** Plays a plan: first what gives clients leases to renew, then what is measured. */
import { randomInt } from "node:crypto";
import { PlainError } from "@kotare/core/base/plain-error";
import type { Dialogue } from "../clients/dialogue.ts";
import { Dialogue4 } from "../clients/dialogue4.ts";
import { Dialogue4Over6 } from "../clients/dialogue4-over6.ts";
import { Dialogue6 } from "../clients/dialogue6.ts";
import { type Plan, releases } from "../plan.ts";
import type { Curve } from "../results/percentile-plot.ts";
import { type LoadReport, reportSteps } from "../results/report.ts";
import type { Link } from "./link.ts";
import { openLink4 } from "./link4.ts";
import { openLink6 } from "./link6.ts";
import { type Habits, LoadRun, type Show } from "./load-run.ts";
import { Schedule } from "./schedule.ts";

export interface Played {
  readonly report: LoadReport;
  /** Of the last step that anything came of. */
  readonly curves: readonly Curve[];
  /** One for each client that had a lease. */
  readonly leases: Iterable<string>;
}

export interface Audience extends Show {
  /** What happens before anything is measured. */
  say(line: string): void;
}

/** Exchanges per second that give clients leases to renew. */
const FILL_RATE = 5000;
/** Milliseconds after which an exchange that did not begin yet is left out: others are due. */
const MOST_LAG = 100;
/** How often clients try who got no answer. */
const FILL_PASSES = 5;

/**
 * @param signal ends the run early
 * @throws {PlainError} when clients that are to renew cannot get leases
 */
export async function play(plan: Plan, audience: Audience, signal: AbortSignal): Promise<Played> {
  if (plan.family === 6) return await playOn(openLink6(plan), new Dialogue6(plan), plan, audience, signal);
  const dialogue = new Dialogue4(plan, randomInt(256));
  return plan.isOver6
    ? await playOn(openLink6(plan), new Dialogue4Over6(dialogue), plan, audience, signal)
    : await playOn(openLink4(plan), dialogue, plan, audience, signal);
}

async function playOn<Address>(
  opened: Link<Address>,
  dialogue: Dialogue<Address>,
  plan: Plan,
  audience: Audience,
  signal: AbortSignal,
): Promise<Played> {
  using link = opened;
  const run = new LoadRun(link, dialogue, habitsOf(plan));
  signal.addEventListener("abort", () => run.stop());
  const renews = plan.exchange === "renew";
  if (renews) await fill(run, dialogue, plan, audience);
  const legs = renews ? { from: 2, to: 2 } : { from: 0, to: dialogue.legs.length - 1 };
  const schedule = new Schedule(plan.steps, plan.most);
  const tallies = await run.play(schedule, (exchange) => exchange % plan.clients, legs, audience);
  const played = dialogue.legs.slice(legs.from, legs.to + 1);
  const steps = tallies.map((step) => step.legs.slice(legs.from, legs.to + 1));
  const last = steps.findLast(([first]) => first!.answered > 0) ?? [];
  return {
    report: {
      family: plan.family,
      steps: reportSteps(schedule, played, tallies, legs.from),
      ...run.strays,
      droppedHere: link.transport.stats.kernelDrops,
    },
    curves: last.map(({ delays }, index) => ({ name: played[index]!.name, delays })),
    leases: listLeases(dialogue, plan.clients),
  };
}

function habitsOf(plan: Plan): Habits {
  return {
    patience: plan.patience,
    // Who wants a number of exchanges wants all of them.
    mostLag: plan.most === Number.POSITIVE_INFINITY ? MOST_LAG : Number.POSITIVE_INFINITY,
    slow: plan.slow,
    releases: (client) => releases(plan, client),
  };
}

async function fill<Address>(
  run: LoadRun<Address>,
  dialogue: Dialogue<Address>,
  { clients, steps }: Plan,
  audience: Audience,
): Promise<void> {
  const rate = Math.min(steps[0]!.rate, FILL_RATE);
  let without = Array.from({ length: clients }, (_, client) => client);
  for (let pass = 0; pass < FILL_PASSES && without.length > 0 && !run.isStopped; pass++) {
    audience.say(`${without.length} clients get leases to renew, ${rate} per second`);
    const takers = without;
    const schedule = new Schedule([{ rate, seconds: takers.length / rate }]);
    await run.play(schedule, (exchange) => takers[exchange]!, { from: 0, to: 1 });
    without = takers.filter((client) => !dialogue.hasLease(client));
  }
  if (without.length > 0 && !run.isStopped) {
    throw new PlainError(`${without.length} of ${clients} clients got no lease to renew`);
  }
}

function* listLeases<Address>(dialogue: Dialogue<Address>, clients: number): Iterable<string> {
  for (let client = 0; client < clients; client++) if (dialogue.hasLease(client)) yield dialogue.formatLease(client);
}
