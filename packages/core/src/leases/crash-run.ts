/** A lease file in use on a disk that remembers: for any crash, which leases must be found after it. Tests only. */
import { ManualClock } from "../base/clock.ts";
import { formatIpv4, type Ipv4 } from "../ip/ipv4.ts";
import { CrashDisk } from "./crash-disk.ts";
import type { LeaseFileEvent } from "./lease-file-event.ts";
import { type Lease4, LeaseState } from "./lease4.ts";
import { Memfile4 } from "./memfile4.ts";

export const LEASE_FILE = "/leases/kea-leases4.csv";

interface Batch {
  readonly changes: readonly { readonly address: Ipv4; readonly lease: Lease4 | undefined }[];
  readonly submitted: number;
  /** The disk's step at which the fate was known. */
  settled: number;
  fate: "open" | "durable" | "failed";
}

export function testLease(address: Ipv4, change: Partial<Lease4> = {}): Lease4 {
  return {
    address,
    hwaddr: Uint8Array.of(2, 0, 0, 0, 0, address),
    clientId: undefined,
    validLifetime: 3600,
    cltt: 1_800_000_000,
    subnetId: 1,
    poolId: 12,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "host.example.org",
    userContext: "",
    ...change,
  };
}

export async function openMemfile(disk: CrashDisk, report: (event: LeaseFileEvent) => void, clock = new ManualClock()) {
  return Memfile4.open({
    path: LEASE_FILE,
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    clock,
    report,
    disk,
    // A rewrite of a few dozen leases takes several steps and writes.
    rewriteStep: 200,
  });
}

function byAddress(leases: readonly Lease4[]): ReadonlyMap<Ipv4, Lease4> {
  return new Map(leases.map((lease) => [lease.address, lease]));
}

export class CrashRun {
  readonly disk: CrashDisk;
  readonly store: Memfile4;
  readonly clock: ManualClock;
  readonly events: LeaseFileEvent[];
  readonly #found: ReadonlyMap<Ipv4, Lease4>;
  /** What a crash before this step leaves is the business of the run before. */
  readonly #opened: number;
  readonly #batches: Batch[] = [];

  private constructor(disk: CrashDisk, store: Memfile4, clock: ManualClock, events: LeaseFileEvent[]) {
    this.disk = disk;
    this.store = store;
    this.clock = clock;
    this.events = events;
    this.#found = this.held();
    this.#opened = disk.length;
  }

  static async open(disk = new CrashDisk()): Promise<CrashRun> {
    const clock = new ManualClock();
    const events: LeaseFileEvent[] = [];
    return new CrashRun(disk, await openMemfile(disk, (event) => events.push(event), clock), clock, events);
  }

  /** The first step that matters. */
  get opened(): number {
    return this.#opened;
  }

  /** Commits one batch: leases to put, addresses to remove. @returns whether it became durable */
  async commit(...changes: readonly (Lease4 | Ipv4)[]): Promise<boolean> {
    const batch = this.store.begin();
    for (const change of changes) {
      if (typeof change === "number") batch.remove(change);
      else batch.put(change);
    }
    const record: Batch = {
      changes: changes.map((change) =>
        typeof change === "number" ? { address: change, lease: undefined } : { address: change.address, lease: change },
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
  async reload(image = this.disk.image): Promise<ReadonlyMap<Ipv4, Lease4>> {
    const store = await openMemfile(new CrashDisk(image), () => {});
    const leases = byAddress(store.page(-1, 10_000));
    await store.close();
    return leases;
  }

  /** The leases in memory. */
  held(): ReadonlyMap<Ipv4, Lease4> {
    return byAddress(this.store.page(-1, 10_000));
  }

  /** The leases that everybody was told of. */
  acknowledged(steps = this.disk.length): ReadonlyMap<Ipv4, Lease4> {
    const leases = new Map(this.#found);
    for (const batch of this.#batches) {
      if (batch.fate !== "durable" || batch.settled > steps) continue;
      for (const { address, lease } of batch.changes) {
        if (lease === undefined) leases.delete(address);
        else leases.set(address, lease);
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
    for (const address of [...found.keys(), ...acknowledged.keys()]) {
      const possible = inFlight.filter((change) => change.address === address).map((change) => change.lease);
      const allowed = [acknowledged.get(address), ...possible];
      const lease = JSON.stringify(found.get(address));
      if (!allowed.some((each) => JSON.stringify(each) === lease)) {
        return `crash behind step ${steps}: ${formatIpv4(address)} is ${lease}, not ${JSON.stringify(allowed)}`;
      }
    }
    return undefined;
  }

  /** A batch that failed may still come back, until something has become durable after it. */
  #isInFlight(batch: Batch, steps: number): boolean {
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
