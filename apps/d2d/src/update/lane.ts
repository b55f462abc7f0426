/**
 * The updates of one zone. What can go at once goes at once; what waits while others are on their way is packed into one
 * UPDATE, each request with its own prerequisites. When one of them does not hold nothing was changed: the pack is halved
 * until each request has its own verdict. A zone whose servers fail waits by itself, with growing pauses.
 */
import type { Clock, Milliseconds } from "@kotare/core/base/clock";
import { growingPauses } from "@kotare/core/base/retry";
import { Rcode, rcodeName } from "../dns/response.ts";
import type { UpdateRecord } from "../dns/update-message.ts";
import { isPrerequisiteRcode, type Next, type Presumption, type Step } from "../plan/steps.ts";
import type { Reporter } from "../reporter.ts";
import type { Zone } from "../zones/zones.ts";
import type { ZoneServers } from "./zone-servers.ts";

/** A request's part in one zone. */
export interface Task {
  /** Its next step: made when it is sent, since many may wait. */
  plan(presumption: Presumption): Step;
}

export interface LaneOwner<T extends Task> {
  /** The step is over. */
  settled(task: T, next: Next): void;
  /** The server will not do this one; others it may. */
  refused(task: T, why: string): void;
  /**
   * Whether a task is still worth trying; if not, it has been taken care of.
   * @param refusedSince monotonic; `undefined` when it is not known to be refused
   */
  isWanted(task: T, why: string, refusedSince: Milliseconds | undefined): boolean;
}

/** Runs something later, once. @returns how to call it off */
export type After = (wait: Milliseconds, run: () => void) => () => void;

export interface LaneParts {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly after: After;
}

/** Two hide the way to the server; it takes updates of a zone one by one anyway. */
const IN_FLIGHT = 2;
/** Beyond this a larger pack gains nothing, and costs more when it must be halved. */
const PACK = 64;
/** How long requests go one by one, over UDP, when a pack over TCP came to nothing and a single one does not. */
const SINGLES: Milliseconds = 20_000;
/** Bytes of a pack, roughly: TCP's limit is 65,535. */
const LARGEST = 50_000;
/** So many refusals in a row are the zone's fault and not the requests'. */
const REFUSALS = 3;

/** One update shows whether a zone can be updated again, so it may be asked often: soon after its server is back, names are. */
const pauses = growingPauses(1000, 8000);

export class Lane<T extends Task> {
  readonly #zone: Zone;
  readonly #servers: ZoneServers;
  readonly #owner: LaneOwner<T>;
  readonly #parts: LaneParts;
  readonly #waiting = new Set<T>();
  #inFlight = 0;
  #singlesUntil: Milliseconds = 0;
  /** What the last name that was otherwise than presumed was: when leases are renewed in mass, the next ones are as well. */
  #presumption: Presumption = "free";
  /** In a row. */
  #refusals = 0;
  #failures = 0;
  /** Since when the servers have answered and done nothing. */
  #refusedSince: Milliseconds | undefined;
  /** Why it failed last. */
  #why = "";
  /** Calls off the end of the pause. */
  #resume: (() => void) | undefined;
  #isStopped = false;
  #whenIdle: (() => void) | undefined;

  constructor(zone: Zone, servers: ZoneServers, owner: LaneOwner<T>, parts: LaneParts) {
    this.#zone = zone;
    this.#servers = servers;
    this.#owner = owner;
    this.#parts = parts;
  }

  add(task: T): void {
    this.#waiting.add(task);
    this.#pump();
  }

  /** @returns false when it is on its way */
  withdraw(task: T): boolean {
    return this.#waiting.delete(task);
  }

  /** Takes up to `count` tasks out, when the zone's servers refuse whatever is asked. @returns them, and why */
  takeRefused(count: number): { readonly tasks: readonly T[]; readonly why: string } {
    return { tasks: this.#refusedSince === undefined ? [] : this.#take(count), why: this.#why };
  }

  /** Sends nothing more. @returns what waits, when all that is on its way has arrived */
  async stop(): Promise<readonly T[]> {
    this.#isStopped = true;
    this.#resume?.();
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    return [...this.#waiting];
  }

  get #isPaused(): boolean {
    return this.#resume !== undefined;
  }

  #pump(): void {
    // After a failure one update shows whether it works again.
    const limit = this.#failures > 0 ? 1 : IN_FLIGHT;
    while (!this.#isStopped && !this.#isPaused && this.#inFlight < limit && this.#waiting.size > 0) {
      this.#inFlight++;
      void this.#carryOut(this.#takePack()).then(() => {
        this.#inFlight--;
        if (this.#inFlight === 0) this.#whenIdle?.();
        this.#pump();
      });
    }
  }

  #takePack(): readonly T[] {
    const isSingle = this.#failures > 0 || this.#parts.clock.monotonic() < this.#singlesUntil;
    return this.#take(isSingle ? 1 : PACK);
  }

  #take(count: number): readonly T[] {
    const tasks: T[] = [];
    for (const task of this.#waiting) {
      if (tasks.length === count) break;
      this.#waiting.delete(task);
      tasks.push(task);
    }
    return tasks;
  }

  async #carryOut(pack: readonly T[]): Promise<void> {
    if (this.#isPaused || this.#isStopped) {
      for (const task of pack) this.#waiting.add(task);
      return;
    }
    const steps = pack.map((task) => task.plan(this.#presumption));
    const prerequisites = steps.flatMap((step) => step.prerequisites);
    const updates = steps.flatMap((step) => step.updates);
    if (pack.length > 1 && roughSize([...prerequisites, ...updates]) > LARGEST) {
      await this.#halve(pack);
      return;
    }
    const answer = await this.#servers.ask({ zone: this.#zone.name, prerequisites, updates }, pack.length);
    if (answer.kind === "unavailable" && pack.length > 1) {
      this.#singlesUntil = this.#parts.clock.monotonic() + SINGLES;
      for (const task of pack.slice(1)) this.#waiting.add(task);
      await this.#carryOut(pack.slice(0, 1));
    } else if (answer.kind === "unavailable") this.#pause(pack, answer.why, answer.isRefused);
    else if (answer.rcode === Rcode.NOERROR) {
      this.#worked();
      for (const [i, task] of pack.entries()) this.#owner.settled(task, steps[i]!.then);
    } else if (pack.length > 1) await this.#halve(pack);
    else for (const [i, task] of pack.entries()) this.#judge(task, steps[i]!, answer.rcode);
  }

  async #halve(pack: readonly T[]): Promise<void> {
    const middle = pack.length >> 1;
    await this.#carryOut(pack.slice(0, middle));
    await this.#carryOut(pack.slice(middle));
  }

  /** The server's verdict about a single one. */
  #judge(task: T, step: Step, rcode: number): void {
    const why = `the server answers ${rcodeName(rcode)}`;
    const next = isPrerequisiteRcode(rcode) ? step.unless[rcode] : undefined;
    if (step.presumes === "free" && rcode === Rcode.YXDOMAIN) this.#presumption = "held";
    if (step.presumes === "held" && rcode === Rcode.NXDOMAIN) this.#presumption = "free";
    if (next !== undefined) {
      this.#worked();
      this.#owner.settled(task, next);
    } else if (++this.#refusals >= REFUSALS) this.#pause([task], why, true);
    else this.#owner.refused(task, why);
  }

  #worked(): void {
    this.#refusals = 0;
    this.#refusedSince = undefined;
    if (this.#failures > 0) this.#parts.reporter.zoneRecovered(this.#zone.name, this.#waiting.size);
    this.#failures = 0;
  }

  #pause(pack: readonly T[], why: string, isRefused: boolean): void {
    this.#refusedSince = isRefused ? (this.#refusedSince ?? this.#parts.clock.monotonic()) : undefined;
    // Behind the others: one that the server cannot bear must not keep them from being tried.
    for (const task of pack) this.#waiting.add(task);
    for (const task of this.#waiting) {
      if (!this.#owner.isWanted(task, why, this.#refusedSince)) this.#waiting.delete(task);
    }
    if (this.#isPaused) return;
    this.#failures++;
    const wait = pauses(this.#failures) ?? 0;
    // What stays as it is is told less and less often.
    const isTold = why !== this.#why || isPowerOfTwo(this.#failures);
    this.#why = why;
    if (isTold) this.#parts.reporter.zoneWaits(this.#zone.name, why, this.#waiting.size, wait);
    this.#resume = this.#parts.after(wait, () => {
      this.#resume = undefined;
      this.#pump();
    });
  }
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}

/** Of records with names that are not compressed. */
function roughSize(records: readonly UpdateRecord[]): number {
  return records.reduce((sum, { name, data }) => sum + name.length + (data?.length ?? 0) + 12, 0);
}
