/** A lease file in use on a disk that remembers: for any crash, which leases must be found after it. Tests only. */
import { isDeepStrictEqual } from "node:util";
import { ManualClock } from "../../base/clock.ts";
import { CrashDisk } from "../../storage/testing/crash-disk.ts";
import type { LeaseFileEvent, Report } from "../file/lease-file-event.ts";
import type { Lease } from "../model/lease.ts";
import type { CommitResult } from "../model/lease-store.ts";
import type { TestFamily, TestFile } from "./test-families.ts";

export const LEASE_FILE = "/leases/leases.csv";

interface Batch<L> {
  readonly changes: readonly { readonly member: number; readonly lease: L | undefined }[];
  readonly submitted: number;
  /** The disk's step at which the fate was known. */
  settled: number;
  fate: "open" | CommitResult["kind"];
}

/** Leases by member. */
type Held<L> = ReadonlyMap<number, L>;

function openOn<L extends Lease, View, Leases>(
  family: TestFamily<L, View, Leases>,
  disk: CrashDisk,
  report: Report,
  clock = new ManualClock(),
) {
  // A rewrite of a few dozen leases takes several steps and writes.
  return family.openFile({ path: LEASE_FILE, clock, report, disk, rewriteStep: 200 });
}

export class CrashRun<L extends Lease, View, Leases> {
  readonly family: TestFamily<L, View, Leases>;
  readonly disk: CrashDisk;
  readonly store: TestFile<L, View, Leases>;
  readonly clock: ManualClock;
  readonly events: LeaseFileEvent[];
  #found: Held<L> = new Map();
  /** What a crash before this step leaves is the business of the run before. */
  readonly #opened: number;
  readonly #batches: Batch<L>[] = [];

  private constructor(
    family: TestFamily<L, View, Leases>,
    disk: CrashDisk,
    store: TestFile<L, View, Leases>,
    clock: ManualClock,
    events: LeaseFileEvent[],
  ) {
    this.family = family;
    this.disk = disk;
    this.store = store;
    this.clock = clock;
    this.events = events;
    this.#opened = disk.length;
  }

  static async open<L extends Lease, View, Leases>(
    family: TestFamily<L, View, Leases>,
    disk = new CrashDisk(),
  ): Promise<CrashRun<L, View, Leases>> {
    const clock = new ManualClock();
    const events: LeaseFileEvent[] = [];
    const store = await openOn(family, disk, (event) => events.push(event), clock);
    const run = new CrashRun(family, disk, store, clock, events);
    run.#found = await run.held();
    return run;
  }

  /** The first step that matters. */
  get opened(): number {
    return this.#opened;
  }

  /** Commits one batch: leases to put, members to remove. @returns whether it became durable */
  async commit(...changes: readonly (L | number)[]): Promise<boolean> {
    const { family } = this;
    const batch = this.store.begin();
    for (const change of changes) {
      if (typeof change === "number") family.view(batch).remove(change);
      else batch.put(change);
    }
    const record: Batch<L> = {
      changes: changes.map((change) =>
        typeof change === "number"
          ? { member: change, lease: undefined }
          : { member: family.memberOf(change), lease: change },
      ),
      submitted: this.disk.length,
      settled: 0,
      fate: "open",
    };
    this.#batches.push(record);
    const result = await batch.commit();
    record.settled = this.disk.length;
    record.fate = result.kind;
    return result.kind === "durable";
  }

  /** What a restart finds. */
  async reload(image = this.disk.image): Promise<Held<L>> {
    const store = await openOn(this.family, new CrashDisk(image), () => {});
    const leases = await this.#list(store);
    await store.close();
    return leases;
  }

  /** The leases in memory. */
  held(): Promise<Held<L>> {
    return this.#list(this.store);
  }

  async #list(store: Leases): Promise<Held<L>> {
    const leases = await this.family.leases(store).page(-1, 10_000);
    return new Map(leases.map((lease) => [this.family.memberOf(lease), lease]));
  }

  /** The leases that everybody was told of. */
  acknowledged(steps = this.disk.length): Held<L> {
    const leases = new Map(this.#found);
    for (const batch of this.#batches) {
      if (batch.fate !== "durable" || batch.settled > steps) continue;
      for (const { member, lease } of batch.changes) {
        if (lease === undefined) leases.delete(member);
        else leases.set(member, lease);
      }
    }
    return leases;
  }

  /**
   * Crashes behind the first `steps` steps, loads what is left, and finds what is wrong: an acknowledged lease that is
   * neither as it was acknowledged nor as a batch in flight made it, or one that nobody ever gave.
   */
  async findLoss(steps: number, choose: () => number): Promise<string | undefined> {
    const found = await this.reload(this.disk.imageAfterCrash(steps, choose));
    const acknowledged = this.acknowledged(steps);
    const inFlight = this.#batches.filter((batch) => this.#isInFlight(batch, steps)).flatMap((batch) => batch.changes);
    for (const member of [...found.keys(), ...acknowledged.keys()]) {
      const possible = inFlight.filter((change) => change.member === member).map((change) => change.lease);
      const allowed = [acknowledged.get(member), ...possible];
      const lease = found.get(member);
      if (!allowed.some((each) => isDeepStrictEqual(each, lease))) {
        return `crash behind step ${steps}: member ${member} has ${JSON.stringify(lease)}, not ${JSON.stringify(allowed)}`;
      }
    }
    return undefined;
  }

  /** A batch that failed may still come back, until something has become durable after it. */
  #isInFlight(batch: Batch<L>, steps: number): boolean {
    if (batch.submitted > steps) return false;
    if (batch.settled > steps || batch.fate === "open") return true;
    return (
      batch.fate === "failed" &&
      !this.#batches.some(
        (other) => other.fate === "durable" && other.settled > batch.settled && other.settled <= steps,
      )
    );
  }
}
