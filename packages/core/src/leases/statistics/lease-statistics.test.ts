import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { runs } from "../../base/testing/runs.ts";
import { type ListedSubnet, Statistics, type StatisticTable } from "../../stats/statistics.ts";
import { statistics4 } from "../../stats/statistics4.ts";
import { statistics6 } from "../../stats/statistics6.ts";
import { CrashDisk, diskError } from "../../storage/testing/crash-disk.ts";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import type { LeaseStore } from "../model/lease-store.ts";
import { family4, family6Addresses, family6Prefixes, type TestFamily } from "../testing/test-families.ts";
import { leaseCounters4 } from "./lease-counters4.ts";
import { leaseCounters6 } from "./lease-counters6.ts";
import { type CountedLease, type LeaseCounters, LeaseStatistics } from "./lease-statistics.ts";

const { assigned, declined, reclaimed, offered } = LeaseState;

type Counting<Table extends StatisticTable> = readonly [
  Table,
  (statistics: Statistics<Table>, lease: CountedLease) => LeaseCounters,
];

/** Two subnets with two pools each; leases of another subnet and another pool are there, too. */
const LISTED: readonly ListedSubnet[] = [7, 8].map((id) => ({
  id,
  pools: [0, 1].flatMap((pool) => [
    { kind: "pool", id: pool, size: 0n },
    { kind: "pd-pool", id: pool, size: 0n },
  ]),
}));

async function count<L extends Lease, Table extends StatisticTable>(
  store: LeaseStore<L>,
  clock: ManualClock,
  [table, countersOf]: Counting<Table>,
): Promise<() => Record<string, number>> {
  const statistics = new Statistics(table, clock.wall());
  for (const _ of statistics.list(LISTED, clock.wall()));
  const now = () => clock.wall();
  await LeaseStatistics.start(store, { countersOf: (lease) => countersOf(statistics, lease), now, wall: now });
  return () => {
    const entries = [...statistics.entries()].filter(([, { value }]) => value !== 0);
    return Object.fromEntries(entries.map(([name, { value }]) => [name, Number(value)]));
  };
}

describe("what becomes of a lease", () => {
  const START = 1_800_000_000;
  const DECLINED = { "assigned-nas": 1, "declined-addresses": 1, "cumulative-assigned-nas": 1 };
  let clock: ManualClock;
  let store: Awaited<ReturnType<typeof family6Addresses.openFile>>;
  let counted: () => Record<string, number>;

  /** Globally. */
  const global = () => Object.fromEntries(Object.entries(counted()).filter(([name]) => !name.includes(".")));
  const lease = (change: Partial<Lease> = {}, client = 1) =>
    family6Addresses.lease(1, { cltt: clock.wall(), validLifetime: 100, ...change }, client);

  async function put(change: Partial<Lease> = {}, client = 1): Promise<void> {
    const batch = store.begin();
    batch.put(lease(change, client));
    await batch.commit();
  }

  beforeEach(async () => {
    clock = new ManualClock(START);
    store = await family6Addresses.openFile({ path: "/l/leases", clock, report: () => {}, disk: new CrashDisk() });
    counted = await count(store, clock, [statistics6, leaseCounters6]);
    await put();
  });

  it("is counted in its pool, in its subnet and globally", () => {
    const counts = { "assigned-nas": 1, "cumulative-assigned-nas": 1 };
    const at = (prefix: string) => Object.fromEntries(Object.entries(counts).map(([name, n]) => [prefix + name, n]));
    expect(counted()).toEqual({ ...counts, ...at("subnet[7]."), ...at("subnet[7].pool[0].") });
  });

  it.each<readonly [string, () => Promise<void>, Record<string, number>]>([
    ["renewed: nothing", () => put({ hostname: "new" }), { "assigned-nas": 1, "cumulative-assigned-nas": 1 }],
    [
      "given back",
      () => put({ state: reclaimed, cltt: START - 100 }),
      { "cumulative-assigned-nas": 1, "reclaimed-leases": 1 },
    ],
    [
      "expired and kept for the client",
      async () => {
        clock.advance(100);
        await put({ state: reclaimed, cltt: START });
      },
      { "cumulative-assigned-nas": 1, "reclaimed-leases": 1 },
    ],
    [
      "expired, and the client comes back before anybody has noticed",
      async () => {
        clock.advance(100);
        await put();
      },
      { "assigned-nas": 1, "cumulative-assigned-nas": 2, "reclaimed-leases": 1 },
    ],
    [
      "expired, and somebody else takes it",
      async () => {
        clock.advance(100);
        await put({}, 2);
      },
      { "assigned-nas": 1, "cumulative-assigned-nas": 2, "reclaimed-leases": 1 },
    ],
    ["declined: it is assigned, too", () => put({ state: declined }), DECLINED],
    [
      "declined, and the rest is over",
      async () => {
        await put({ state: declined });
        clock.advance(100);
        const batch = store.begin();
        batch.discard(lease());
        await batch.commit();
      },
      { "cumulative-assigned-nas": 1, "reclaimed-leases": 1, "reclaimed-declined-addresses": 1 },
    ],
    [
      "declined, and given to a client by command",
      async () => {
        await put({ state: declined });
        await put();
      },
      { "assigned-nas": 1, "cumulative-assigned-nas": 1 },
    ],
    [
      "deleted by command",
      async () => {
        const batch = store.begin();
        batch.discard(lease());
        await batch.commit();
      },
      { "cumulative-assigned-nas": 1 },
    ],
    [
      "forgotten after it was given back: nothing more",
      async () => {
        await put({ state: reclaimed, cltt: START - 100 });
        const batch = store.begin();
        batch.discard(lease());
        await batch.commit();
      },
      { "cumulative-assigned-nas": 1, "reclaimed-leases": 1 },
    ],
  ])("%s", async (_, happen, expected) => {
    await happen();
    expect(global()).toEqual(expected);
  });

  it("moved to another subnet and pool, it counts there and not here", async () => {
    await put({ subnetId: 8, poolId: 1 });
    expect(counted()).toMatchObject({ "assigned-nas": 1, "subnet[8].pool[1].assigned-nas": 1 });
    expect(Object.keys(counted())).not.toContain("subnet[7].assigned-nas");
  });
});

it("what a database counts for all servers is not counted again at a start", async () => {
  const held = [{ subnetId: 7, poolId: 1, state: declined, type: undefined, count: 3 }];
  const fail = () => Promise.reject(new Error("all leases are read"));
  const store = {
    watch: () => {},
    countHeld: () => Promise.resolve(held),
    tally: fail,
  } as unknown as LeaseStore<Lease>;
  const counted = await count(store, new ManualClock(), [statistics4, leaseCounters4]);
  expect(counted()).toMatchObject({ "assigned-addresses": 3, "subnet[7].pool[1].declined-addresses": 3 });
});

/** A change: where, what, and by whom. */
const change = fc.record({
  member: fc.nat(5),
  client: fc.nat(2),
  lease: fc.record({
    subnetId: fc.constantFrom(7, 7, 8, 9),
    poolId: fc.constantFrom(0, 1, 5),
    state: fc.constantFrom<LeaseState | "none">(assigned, assigned, declined, reclaimed, offered, "none"),
    validLifetime: fc.constantFrom(20, 100, INFINITE_LIFETIME),
  }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 50 }) }) },
  { weight: 2, arbitrary: fc.constantFrom({ do: "break" }, { do: "mend" }, { do: "turn" }, { do: "shift" }) },
);

function describeHistories<L extends Lease, View, Leases, Table extends StatisticTable>(
  family: TestFamily<L, View, Leases>,
  counting: Counting<Table>,
): void {
  it(`${family.name}: gauges are what a recount says, now and after a restart, whatever commits and whatever fails`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clock = new ManualClock();
        const disk = new CrashDisk();
        const options = { path: "/l/leases", clock, report: () => {} };
        const store = await family.openFile({ ...options, disk });
        const counted = await count(store, clock, counting);
        const pending: Promise<unknown>[] = [];
        for (const each of steps) {
          if ("wait" in each) clock.advance(each.wait);
          else if ("changes" in each) {
            const batch = store.begin();
            for (const { member, client, lease: of } of each.changes) {
              const { state, ...rest } = of;
              const held = family.view(batch).get(member);
              const isOnDisk = held !== undefined && held.state !== offered;
              // Nothing is offered where there is a lease.
              if (state === "none") family.view(batch).remove(member);
              else if (state !== offered || !isOnDisk) {
                batch.put(
                  family.lease(member, { ...rest, state, cltt: clock.wall() }, state === declined ? -1 : client),
                );
              }
            }
            pending.push(batch.commit());
          } else if (each.do === "break")
            disk.fault = (call) => (call === "pwrite" ? diskError(call, "EIO") : undefined);
          else if (each.do === "shift") store.shift(1000);
          else if (each.do === "turn") await new Promise(setImmediate);
          else {
            disk.fault = () => undefined;
            clock.advance(11);
          }
        }
        disk.fault = () => undefined;
        clock.advance(11);
        await Promise.all(pending);
        const gauges = gaugesIn(counted());
        expect(gauges).toEqual(gaugesIn((await count(store, clock, counting))()));
        await store.close();
        const image = disk.imageAfterCrash(disk.length, () => 0);
        const reopened = await family.openFile({ ...options, disk: new CrashDisk(image) });
        expect(gauges).toEqual(gaugesIn((await count(reopened, clock, counting))()));
        await reopened.close();
      }),
      { numRuns: runs(25) },
    );
  });
}

describeHistories(family4, [statistics4, leaseCounters4]);
describeHistories(family6Addresses, [statistics6, leaseCounters6]);
describeHistories(family6Prefixes, [statistics6, leaseCounters6]);

function gaugesIn(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => /(^|\.)(assigned|declined)-/.test(name)));
}
