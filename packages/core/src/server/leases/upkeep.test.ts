import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import type { Change } from "../../leases/database/lease-database.ts";
import { SharedStore4 } from "../../leases/database/shared-store4.ts";
import { LeaseState } from "../../leases/model/lease.ts";
import { LeaseClock } from "../../leases/model/lease-clock.ts";
import type { CommitResult } from "../../leases/model/lease-store.ts";
import type { LeaseBatch4 } from "../../leases/model/lease-store4.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { MemoryDatabase4 } from "../../leases/testing/memory-database4.ts";
import { family4 } from "../../leases/testing/test-families.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { defineServerMessages } from "../messages.ts";
import { type SharedUpkeep, Upkeep } from "./upkeep.ts";

const NOW = 1_800_000_000;
const EACH_TEN_SECONDS = 10;

/** One that refuses changes of some leases, as one does that holds them in a form that we do not write. */
class Refusing extends MemoryDatabase4 {
  readonly refused = new Set<number>();
  commitFault: Error | undefined;
  commits = 0;
  /** Before what is over is told. */
  beforeFound: () => void = () => {};

  override async commit(changes: readonly Change<Lease4>[]): Promise<ReadonlySet<number>> {
    this.commits++;
    if (this.commitFault !== undefined) throw this.commitFault;
    const isRefused = ({ before, after }: Change<Lease4>) => this.refused.has((before ?? after)!.address);
    const accepted = changes.map((change, index) => ({ change, index })).filter(({ change }) => !isRefused(change));
    const taken = await super.commit(accepted.map(({ change }) => change));
    const made = new Set(accepted.filter((_, i) => !taken.has(i)).map(({ index }) => index));
    return new Set([...changes.keys()].filter((index) => !made.has(index)));
  }

  override async expired(now: number, limit: number): Promise<readonly Lease4[]> {
    const found = await super.expired(now, limit);
    this.beforeFound();
    return found;
  }
}

let clock: ManualClock;
let database: Refusing;
let store: SharedStore4;
let log: RecordingLogger;

beforeEach(() => {
  clock = new ManualClock(NOW);
  database = new Refusing();
  store = new SharedStore4(database, clock);
  log = new RecordingLogger();
});

/** @param seconds between two rounds of reclaiming @param forgetting and of forgetting */
function start(seconds = 0, forgetting = 0, shared?: SharedUpkeep<Lease4>): Upkeep<Lease4, LeaseBatch4> {
  const config = {
    "reclaim-timer-wait-time": seconds,
    "flush-reclaimed-timer-wait-time": forgetting,
    "hold-reclaimed-time": 3600,
    "max-reclaim-leases": 2,
    "max-reclaim-time": 250,
    "unwarned-reclaim-cycles": 5,
  };
  return new Upkeep(
    config,
    store,
    new LeaseClock(clock, 0, () => {}),
    log,
    defineServerMessages("dhcp4", 4),
    undefined,
    shared,
  );
}

/** A lease that is over, put there by somebody. */
function addOver(member: number, change: Partial<Lease4> = {}): Lease4 {
  const lease = { ...family4.lease(member, { cltt: NOW - 5000 + member }, member), ...change };
  database.leases.set(lease.address, lease);
  return lease;
}

const stateOf = (lease: Lease4) => database.leases.get(lease.address)?.state;

describe("reclamation in a database", () => {
  it("gives up a lease of nobody's, and goes on with the others", async () => {
    const nobodys = addOver(1, { hwaddr: new Uint8Array(0), clientId: undefined });
    const others = [addOver(2), addOver(3)];
    await start().reclaim();
    expect(stateOf(nobodys)).toBeUndefined();
    expect(others.map(stateOf)).toEqual([LeaseState.reclaimed, LeaseState.reclaimed]);
  });

  it("keeps for its client, without a name, what another server was given back", async () => {
    const lease = addOver(1, {
      state: LeaseState.reclaimed,
      validLifetime: 0,
      fqdnFwd: true,
      hostname: "a.example.org",
    });
    database.expired = () => Promise.resolve(lease === database.leases.get(lease.address) ? [lease] : []);
    await start().reclaim();
    expect(database.leases.get(lease.address)).toEqual({ ...lease, fqdnFwd: false, hostname: "" });
  });

  it("goes around leases that the database always refuses, and ends when there is nothing else", async () => {
    for (let member = 1; member <= 5; member++) database.refused.add(addOver(member).address);
    const others = [addOver(6), addOver(7)];
    await start().reclaim();
    expect(others.map(stateOf)).toEqual([LeaseState.reclaimed, LeaseState.reclaimed]);
    expect(database.commits).toBeLessThan(8);
  });

  it("ends another server's lease as its own, and leaves alone what may be either's, and goes on behind it", async () => {
    const leases = [1, 2, 3, 4, 5, 6].map((member) => addOver(member));
    const [first, second, , , fifth, sixth] = leases;
    const adopted: string[] = [];
    const keeperOf = ({ address }: Lease4) =>
      address === fifth!.address ? "other" : address === sixth!.address ? "this" : "unknown";
    const adopt = (as: string, change: () => void) => {
      adopted.push(as);
      change();
    };
    await start(0, 0, { keeperOf, adopt }).reclaim();
    expect([first!, second!].map(stateOf)).toEqual([LeaseState.assigned, LeaseState.assigned]);
    expect([fifth!, sixth!].map(stateOf)).toEqual([LeaseState.reclaimed, LeaseState.reclaimed]);
    expect(adopted).toEqual(["told"]);
  });

  it("leaves a lease to a renewal that began while what is over was being found", async () => {
    const lease = addOver(1);
    const renewal = store.begin();
    renewal.byAddress(lease.address);
    await renewal.load();
    renewal.put({ ...lease, cltt: NOW });
    let renewed: Promise<CommitResult> | undefined;
    database.beforeFound = () => {
      renewed ??= renewal.commit();
    };
    await start().reclaim();
    expect(await renewed).toEqual({ kind: "durable" });
    expect(database.leases.get(lease.address)).toEqual({ ...lease, cltt: NOW });
  });

  it("says once why nothing can be reclaimed, and again when the reason changes", async () => {
    addOver(1);
    const upkeep = start();
    for (const fault of ["no database", "no database", "no table"]) {
      database.fault = new Error(fault);
      await upkeep.reclaim();
    }
    const id = "ALLOC_ENGINE_V4_LEASES_RECLAMATION_FAILED reclamation of expired leases failed:";
    expect(log.lines).toEqual([`${id} no database`, `${id} no table`]);
  });

  it("says it where the commit fails, too", async () => {
    addOver(1);
    const upkeep = start();
    database.commitFault = new Error("disk full");
    await upkeep.reclaim();
    await upkeep.reclaim();
    expect(log.lines).toEqual([
      "ALLOC_ENGINE_V4_LEASES_RECLAMATION_FAILED reclamation of expired leases failed: disk full",
    ]);
  });
});

describe("the timers", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function passTenSeconds(): Promise<void> {
    vi.advanceTimersByTime(1000 * EACH_TEN_SECONDS);
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
  }

  it("run every so many seconds, until they are disposed of", async () => {
    const lease = addOver(1);
    const upkeep = start(EACH_TEN_SECONDS, 3 * EACH_TEN_SECONDS);
    vi.advanceTimersByTime(1000 * EACH_TEN_SECONDS - 1);
    expect(stateOf(lease)).toBe(LeaseState.assigned);
    await passTenSeconds();
    expect(stateOf(lease)).toBe(LeaseState.reclaimed);
    clock.advance(3600);
    await passTenSeconds();
    expect(stateOf(lease)).toBe(LeaseState.reclaimed);
    await passTenSeconds();
    expect(stateOf(lease)).toBeUndefined();
    upkeep[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("with 0 do not run", () => {
    start();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("go on after a round that failed", async () => {
    const lease = addOver(1);
    const upkeep = start(EACH_TEN_SECONDS);
    store.succeed(() => {
      throw new TypeError("a fault of ours");
    });
    await passTenSeconds();
    expect(stateOf(lease)).toBe(LeaseState.assigned);
    store.succeed((_, after) => after);
    await passTenSeconds();
    expect(stateOf(lease)).toBe(LeaseState.reclaimed);
    upkeep[Symbol.dispose]();
  });

  it("when disposed of end a round with its step, and say nothing", async () => {
    for (let member = 1; member <= 6; member++) addOver(member);
    const upkeep = start();
    database.beforeFound = () => upkeep[Symbol.dispose]();
    await upkeep.reclaim();
    expect([...database.leases.values()].filter(({ state }) => state === LeaseState.reclaimed)).toHaveLength(2);
    expect(log.ids).toEqual(["ALLOC_ENGINE_V4_LEASES_RECLAIMED"]);
  });
});
