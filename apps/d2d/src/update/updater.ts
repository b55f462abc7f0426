/** Carries requests out: the name first, then the address, each in the lane of its zone. */
import type { Clock, Milliseconds, Seconds } from "@kotare/core/base/clock";
import { growingPauses } from "@kotare/core/base/retry";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { reverseName } from "../plan/reverse-name.ts";
import { type Next, type Presumption, planForward, planReverse, type Step } from "../plan/steps.ts";
import type { Outcome, Reporter } from "../reporter.ts";
import type { Job } from "../requests/job.ts";
import type { Zone, Zones, ZoneTable } from "../zones/zones.ts";
import { type After, Lane, type LaneOwner, type Task } from "./lane.ts";
import type { sendUpdate } from "./send-update.ts";
import { ZoneServers } from "./zone-servers.ts";

/** One of the two parts of a request. */
interface Half {
  readonly zone: Zone;
  readonly plan: (request: NameChangeRequest, presumption: Presumption) => Step;
}

type Route = { readonly kind: "routed"; readonly halves: Half[] } | Outcome;

class Work implements Task {
  readonly job: Job;
  /** What is left to do; the first is under way. */
  readonly halves: Half[];
  /** Those that the halves are of. */
  readonly zones: Zones;
  /** Refusals in a row. */
  failures: number;
  /** What follows when it is not the first step of a half. */
  step: (() => Step) | undefined;
  /** Prerequisites that led from one step to another and back. */
  turns = 0;
  /** Calls off the next try. */
  callOff: (() => void) | undefined;

  constructor(job: Job, halves: Half[], zones: Zones, failures: number) {
    this.job = job;
    this.halves = halves;
    this.zones = zones;
    this.failures = failures;
  }

  plan(presumption: Presumption): Step {
    return this.step?.() ?? this.halves[0]!.plan(this.job.stored.request, presumption);
  }
}

export interface UpdaterSettings {
  readonly zones: Zones;
  /** For each message to a DNS server. */
  readonly timeout: Milliseconds;
  /** Of additions that fail; 0 is never. */
  readonly giveUpAfter: Seconds;
  /** Of what DNS servers refuse; 0 is never. */
  readonly setAsideAfter: Seconds;
}

export interface UpdaterParts {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly after: After;
  /** Called once for each job, never from within `begin`. */
  readonly onFinished: (job: Job, outcome: Outcome) => void;
  readonly send?: typeof sendUpdate;
}

/** A name that comes and goes that often between two steps is somebody else's game: later again. */
const MOST_TURNS = 6;
const LONGEST_PAUSE: Milliseconds = 600_000;
const pauses = growingPauses(1000, LONGEST_PAUSE);

export class Updater implements LaneOwner<Work> {
  readonly #parts: UpdaterParts;
  #settings: UpdaterSettings;
  #lanes = new Map<Zone, Lane<Work>>();
  readonly #work = new Map<Job, Work>();
  /** What DNS servers refuse while they do other things: since when (monotonic), and why the last time. */
  readonly #refused = new Map<Job, { readonly since: Milliseconds; readonly why: string }>();
  #isStopped = false;

  constructor(settings: UpdaterSettings, parts: UpdaterParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  begin(job: Job): void {
    this.#begin(job, 0);
  }

  #begin(job: Job, failures: number): void {
    const route = this.#route(job.stored.request);
    if (route.kind !== "routed") {
      queueMicrotask(() => this.#parts.onFinished(job, route));
      return;
    }
    const work = new Work(job, route.halves, this.#settings.zones, failures);
    this.#work.set(job, work);
    this.#enter(work);
  }

  /** Takes a job back, for another to take its place. @returns false when it is on its way */
  withdraw(job: Job): boolean {
    const work = this.#work.get(job);
    if (work === undefined) return false;
    if (work.callOff === undefined && !this.#laneOf(work).withdraw(work)) return false;
    work.callOff?.();
    this.#forget(job);
    return true;
  }

  /** Sets up to `count` jobs aside that DNS servers refuse: first those refused by themselves, longest ago first. */
  makeRoom(count: number): void {
    let left = count;
    for (const [job, { why }] of this.#refused) {
      if (left === 0) return;
      if (this.withdraw(job)) {
        left--;
        this.#setAside(job, `there is no room for more; the last time ${why}`);
      }
    }
    for (const lane of this.#lanes.values()) {
      const { tasks, why } = lane.takeRefused(left);
      left -= tasks.length;
      for (const { job } of tasks) this.#setAside(job, `there is no room for more; the last time ${why}`);
    }
  }

  /** What waits goes on by the new settings, from its first step: what was refused as well, whose cause may be mended. */
  async reconfigure(settings: UpdaterSettings): Promise<void> {
    const lanes = [...this.#lanes.values()];
    this.#lanes = new Map();
    this.#settings = settings;
    const waiting = (await Promise.all(lanes.map((lane) => lane.stop()))).flat();
    const refused = [...this.#work.values()].filter(({ callOff }) => callOff !== undefined);
    for (const work of refused) {
      work.callOff?.();
      work.failures = 0;
    }
    this.#refused.clear();
    for (const work of [...waiting, ...refused]) this.#restart(work);
  }

  /** Waits for what is on its way, and begins nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { callOff } of this.#work.values()) callOff?.();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
  }

  settled(work: Work, next: Next): void {
    if (next.kind === "step" && ++work.turns > MOST_TURNS) {
      this.refused(work, "somebody else keeps changing the name");
      return;
    }
    work.failures = 0;
    this.#refused.delete(work.job);
    if (next.kind === "conflict") this.#finish(work.job, { kind: "given-up", why: next.why });
    else if (next.kind === "done") this.#endHalf(work);
    else {
      work.step = next.step;
      this.#enter(work);
    }
  }

  refused(work: Work, why: string): void {
    const since = this.#refused.get(work.job)?.since ?? this.#parts.clock.monotonic();
    if (!this.isWanted(work, why, since)) return;
    this.#refused.set(work.job, { since, why });
    work.failures++;
    work.turns = 0;
    const wait = pauses(work.failures) ?? LONGEST_PAUSE;
    this.#parts.reporter.retried(work.job.stored, why, wait);
    work.callOff = this.#parts.after(wait, () => this.#restart(work));
  }

  isWanted({ job }: Work, why: string, refusedSince: Milliseconds | undefined): boolean {
    const { request, received } = job.stored;
    const { giveUpAfter, setAsideAfter } = this.#settings;
    const { clock } = this.#parts;
    const age = clock.wall() - received;
    if (request.change === "add" && giveUpAfter > 0 && age >= giveUpAfter) {
      this.#finish(job, { kind: "given-up", why: `tried for ${giveUpAfter} seconds; the last time ${why}` });
      return false;
    }
    if (refusedSince === undefined || setAsideAfter === 0) return true;
    // Its servers may have refused longer than it has been there, and it may have been there before they did.
    if (Math.min(age, (clock.monotonic() - refusedSince) / 1000) < setAsideAfter) return true;
    this.#setAside(job, `refused for ${setAsideAfter} seconds; the last time ${why}`);
    return false;
  }

  #setAside(job: Job, why: string): void {
    this.#finish(job, { kind: "set-aside", why });
  }

  #endHalf(work: Work): void {
    work.halves.shift();
    work.turns = 0;
    work.step = undefined;
    if (work.halves.length === 0) this.#finish(work.job, { kind: "succeeded" });
    else this.#enter(work);
  }

  #enter(work: Work): void {
    if (this.#isStopped) return;
    if (work.zones === this.#settings.zones) this.#laneOf(work).add(work);
    else this.#restart(work);
  }

  /** By the settings of now; what is done already is done once more, which changes nothing. */
  #restart(work: Work): void {
    this.#work.delete(work.job);
    this.#begin(work.job, work.failures);
  }

  #laneOf({ halves: [half] }: Work): Lane<Work> {
    const { zone } = half!;
    let lane = this.#lanes.get(zone);
    if (lane === undefined) {
      const servers = new ZoneServers(zone, { ...this.#parts, timeout: this.#settings.timeout });
      lane = new Lane<Work>(zone, servers, this, this.#parts);
      this.#lanes.set(zone, lane);
    }
    return lane;
  }

  /** As Kea's: a direction without any domain is none of our business, one without the right domain is a mistake. */
  #route(request: NameChangeRequest): Route {
    const { forward, reverse } = this.#settings.zones;
    const halves: Half[] = [];
    if (request.forward && forward.size > 0) {
      const zone = forward.find(request.fqdn);
      if (zone === undefined) return { kind: "no-forward-domain" };
      halves.push({ zone, plan: planForward });
    }
    if (request.reverse && reverse.size > 0) {
      const zone = findReverse(reverse, request.address);
      if (zone === undefined) return { kind: "no-reverse-domain" };
      halves.push({ zone, plan: planReverse });
    }
    return halves.length === 0 ? { kind: "nothing-to-do" } : { kind: "routed", halves };
  }

  #finish(job: Job, outcome: Outcome): void {
    this.#forget(job);
    this.#parts.onFinished(job, outcome);
  }

  #forget(job: Job): void {
    this.#work.delete(job);
    this.#refused.delete(job);
  }
}

function findReverse(zones: ZoneTable, address: string): Zone | undefined {
  return zones.find(reverseName(address));
}
