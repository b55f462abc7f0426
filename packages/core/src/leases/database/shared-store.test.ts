import { describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { LeaseState } from "../model/lease.ts";
import { describeLeaseStore } from "../model/lease-store.contract.ts";
import type { LeaseBatch4, PoolCursor4 } from "../model/lease-store4.ts";
import type { Lease4 } from "../model/lease4.ts";
import { MemoryDatabase4 } from "../testing/memory-database4.ts";
import { family4 } from "../testing/test-families.ts";
import { describeSharedStores } from "./shared-store.contract.ts";
import { SharedStore4 } from "./shared-store4.ts";

const NOW = 1_800_000_000;
const FIRST = family4.lease(0).address;

describeLeaseStore("a shared database", family4, () => {
  const database = new MemoryDatabase4();
  return Promise.resolve({
    now: NOW,
    open: () => Promise.resolve(new SharedStore4(database, new ManualClock(NOW))),
    dispose: () => Promise.resolve(),
  });
});

describeSharedStores("a database in memory", family4, () => {
  const database = new MemoryDatabase4();
  return Promise.resolve({
    now: NOW,
    open: () => Promise.resolve(new SharedStore4(database, new ManualClock(NOW))),
  });
});

function lease(member: number, client: number, change: Partial<Lease4> = {}): Lease4 {
  return { ...family4.lease(member, {}, client), ...change };
}

function setUp(servers = 2) {
  const database = new MemoryDatabase4();
  const clock = new ManualClock(NOW);
  return { database, clock, stores: Array.from({ length: servers }, () => new SharedStore4(database, clock)) };
}

/** A batch that has looked up a client and some members. */
async function begin(store: SharedStore4, client: number, ...members: number[]): Promise<LeaseBatch4> {
  const batch = store.begin();
  family4.view(batch).heldBy(client);
  for (const member of members) batch.byAddress(FIRST + member);
  await batch.load();
  return batch;
}

async function find(batch: LeaseBatch4, pool: PoolCursor4, now = NOW): Promise<number | undefined> {
  for (;;) {
    const { missed } = batch;
    const found = batch.available(pool, now);
    if (batch.missed === missed) return found === undefined ? undefined : found - FIRST;
    await batch.load();
  }
}

describe("two servers on one database", () => {
  it("forget their offer of an address that the other has given", async () => {
    const { stores } = setUp();
    const [one, two] = [stores[0]!, stores[1]!];
    (await begin(one, 1)).put(lease(5, 1, { state: LeaseState.offered }));
    const other = await begin(two, 2, 5);
    other.put(lease(5, 2));
    await other.commit();
    const batch = await begin(one, 1, 5);
    expect(batch.byAddress(FIRST + 5)).toEqual(lease(5, 2));
    expect(family4.view(batch).heldBy(1)[0]).toEqual([]);
  });

  it("do not take for all of a client's leases what one knew at an offer, once it claims something there", async () => {
    const { stores } = setUp();
    const [one, two] = [stores[0]!, stores[1]!];
    (await begin(one, 1, 5)).put(lease(5, 1, { state: LeaseState.offered }));
    const other = await begin(two, 1, 3);
    other.put(lease(3, 1));
    expect(await other.commit()).toEqual({ kind: "durable" });
    const wandered = await begin(one, 1, 6);
    wandered.put(lease(6, 1, { subnetId: 8 }));
    const committed = wandered.commit();

    const batch = one.begin();
    batch.mayRecall = true;
    const view = family4.view(batch);
    view.heldBy(1);
    if (batch.missed > 0) await batch.load();
    expect(view.heldBy(1).at(-1)).toContainEqual(lease(3, 1));
    expect(await committed).toEqual({ kind: "durable" });
  });

  it("keep an offer for as long as it lasts", async () => {
    const { stores, clock } = setUp(1);
    const offer = lease(5, 1, { state: LeaseState.offered, validLifetime: 60 });
    (await begin(stores[0]!, 1)).put(offer);
    clock.advance(59);
    expect((await begin(stores[0]!, 1, 5)).byAddress(FIRST + 5)).toEqual(offer);
    clock.advance(1);
    expect((await begin(stores[0]!, 1, 5)).byAddress(FIRST + 5)).toBeUndefined();
  });

  it("give each address of a pool once, also when both begin at the same member", async () => {
    const { stores, database } = setUp();
    const pools = stores.map((store) => store.openPool({ first: FIRST, last: FIRST + 299, excluded: [] }));
    let client = 0;
    while (database.leases.size < 300) {
      await Promise.all(
        stores.map(async (store, i) => {
          const number = client++;
          const batch = await begin(store, number);
          const member = await find(batch, pools[i]!);
          if (member !== undefined) batch.put(lease(member, number));
          await batch.commit();
        }),
      );
      expect(client).toBeLessThan(2000);
    }
  });
});

describe("what is under way to a database", () => {
  /** Something to wait for, and what ends the waiting. */
  function gate(): [Promise<void>, () => void] {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return [opened, open];
  }

  it("is no part of what an offer remembers: its client is looked up again", async () => {
    const { stores } = setUp(1);
    const store = stores[0]!;
    const [early, give] = [await begin(store, 1, 6), await begin(store, 1, 5)];
    give.put(lease(5, 1));
    const given = give.commit();
    const away = store.begin();
    away.remove(FIRST + 5);
    const removed = away.commit();
    early.put(lease(6, 1, { state: LeaseState.offered }));
    expect([await given, await removed]).toEqual([{ kind: "durable" }, { kind: "durable" }]);
    await begin(store, 2);

    const batch = store.begin();
    batch.mayRecall = true;
    family4.view(batch).heldBy(1);
    batch.byAddress(FIRST + 6);
    expect(batch.missed).toBeGreaterThan(0);
    await batch.load();
    batch.put(lease(6, 1));
    expect(await batch.commit()).toEqual({ kind: "durable" });
  });

  it("never has two claims of one client in one commit", async () => {
    const { database, stores } = setUp(1);
    const commit = vi.spyOn(database, "commit");
    const batches = [await begin(stores[0]!, 9, 9), await begin(stores[0]!, 1, 5), await begin(stores[0]!, 1, 6)];
    const given = [lease(9, 9), lease(5, 1), lease(6, 1, { subnetId: 8 })];
    const results = batches.map((batch, i) => {
      batch.put(given[i]!);
      return batch.commit();
    });
    for (const result of results) expect(await result).toEqual({ kind: "durable" });
    const names = commit.mock.calls.map(([changes]) => changes.map(({ claim }) => claim?.name));
    expect(names.flat()).toHaveLength(3);
    for (const group of names) expect(new Set(group).size).toBe(group.length);
  });

  it("is seen by who began to look before it was durable", async () => {
    const { database, stores } = setUp(1);
    const store = stores[0]!;
    const give = await begin(store, 1, 5);
    const [answered, answer] = gate();
    const load = database.load.bind(database);
    database.load = async (wanted) => {
      const loaded = await load(wanted);
      await answered;
      return loaded;
    };
    const looking = store.begin();
    looking.byAddress(FIRST + 5);
    const loaded = looking.load();
    await new Promise(setImmediate);
    give.put(lease(5, 1));
    expect(await give.commit()).toEqual({ kind: "durable" });
    await store.begin().expired(NOW, 1);
    answer();
    await loaded;
    expect(looking.byAddress(FIRST + 5)).toEqual(lease(5, 1));
  });

  it("stays so when a change before it is let go of", async () => {
    const { database, stores } = setUp(1);
    const store = stores[0]!;
    const give = await begin(store, 1, 5);
    give.put(lease(5, 1));
    expect(await give.commit()).toEqual({ kind: "durable" });
    const renewal = store.begin();
    renewal.byAddress(FIRST + 5);
    renewal.put(lease(5, 1, { cltt: NOW + 1 }));
    const [begun, start] = gate();
    const commit = database.commit.bind(database);
    database.commit = async (changes) => {
      await begun;
      return commit(changes);
    };
    const renewed = renewal.commit();
    const other = await begin(store, 1);
    expect(other.byAddress(FIRST + 5)).toEqual(lease(5, 1, { cltt: NOW + 1 }));
    expect(family4.view(other).heldBy(1)[0]).toEqual([lease(5, 1, { cltt: NOW + 1 })]);
    start();
    expect(await renewed).toEqual({ kind: "durable" });
  });

  it("hides no lease that the other server has given there meanwhile", async () => {
    const { database, stores } = setUp();
    const [one, two] = [stores[0]!, stores[1]!];
    const late = await begin(one, 1, 5);
    const other = await begin(two, 2, 5);
    other.put(lease(5, 2));
    expect(await other.commit()).toEqual({ kind: "durable" });
    const [begun, start] = gate();
    const commit = database.commit.bind(database);
    database.commit = async (changes) => {
      await begun;
      return commit(changes);
    };
    late.put(lease(5, 1));
    const refused = late.commit();
    const wandered = await begin(one, 2, 6);
    const view = family4.view(wandered);
    const { missed } = wandered;
    expect(view.heldBy(2)[0]).toEqual([]);
    expect(wandered.missed).toBeGreaterThan(missed);
    start();
    expect(await refused).toEqual({ kind: "taken", changes: new Set([0]) });
    await wandered.load();
    expect(view.heldBy(2)[0]).toEqual([lease(5, 2)]);
  });

  it("leaves no claim of a client that nothing is left of", async () => {
    const { database, stores } = setUp(3);
    for (const client of [1, 2]) {
      const batch = await begin(stores[client]!, client, 5);
      batch.put(lease(5, client));
      expect(await batch.commit()).toEqual({ kind: "durable" });
    }
    expect(database.claims.size).toBe(1);
    const away = await begin(stores[0]!, 2, 5);
    away.remove(FIRST + 5);
    await away.commit();
    expect(database.claims.size).toBe(0);
  });
});

describe("a pool in a database", () => {
  async function fill(database: MemoryDatabase4, members: Iterable<number>, change: Partial<Lease4> = {}) {
    for (const member of members) database.leases.set(FIRST + member, lease(member, member, change));
  }
  const all = (size: number) => Array.from({ length: size }, (_, member) => member);

  /** Searches wait until `end`. @returns `search`: that one has begun */
  function hold(database: MemoryDatabase4) {
    let release = () => {};
    let fail = (_: Error) => {};
    database.searching = new Promise((resolve, reject) => {
      release = resolve;
      fail = reject;
    });
    return {
      fail,
      search: vi.waitFor(() => expect(database.searches).toBe(1), 60_000),
      async end() {
        release();
        for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate);
      },
    };
  }

  it.each([0, 300, 30_000, 65_535])(
    "of 65,536 addresses gives its last one, number %i, after three loads",
    async (last) => {
      const { database, stores } = setUp(1);
      await fill(
        database,
        all(65_536).filter((member) => member !== last),
      );
      const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 65_535, excluded: [] });
      expect(await find(stores[0]!.begin(), pool)).toBe(last);
      expect(database.loads + database.searches).toBeLessThanOrEqual(3);
    },
  );

  it("of millions gives one though all at its beginning are taken, and need not be searched for it", async () => {
    const { database, clock } = setUp(0);
    await fill(database, all(70_000));
    const store = new SharedStore4(database, clock, () => 0.25);
    const pool = store.openPool({ first: FIRST, last: FIRST + 2 ** 24 - 1, excluded: [] });
    expect(await find(store.begin(), pool)).toBe(2 ** 22);
    expect(database.searches).toBe(0);
  });

  it("of more addresses than a packet waits for is searched beside service, and gives its last one then", async () => {
    const { database, stores } = setUp(1);
    await fill(database, all(66_000));
    const { search, end } = hold(database);
    const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 66_000, excluded: [] });
    expect(await find(stores[0]!.begin(), pool)).toBeUndefined();
    await search;
    expect(await find(await begin(stores[0]!, 1, 7), pool)).toBeUndefined();
    await end();
    expect(await find(stores[0]!.begin(), pool)).toBe(66_000);
    // Places behind the blocks tried first, then those at the beginning.
    expect(database.searches).toBeLessThanOrEqual(2);
  });

  it("is searched once for all who want something of it, and nobody else waits", async () => {
    const { database, stores } = setUp(1);
    await fill(database, all(999));
    const { search, end } = hold(database);
    const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 999, excluded: [] });
    const finds = [1, 2, 3].map(() => find(stores[0]!.begin(), pool));
    await search;
    expect((await begin(stores[0]!, 7, 7)).byAddress(FIRST + 7)).toEqual(lease(7, 7));
    await end();
    expect(await Promise.all(finds)).toEqual([999, 999, 999]);
    expect(database.searches).toBe(1);
  });

  it("that is full gives what is over, and is left alone for a while where nothing is", async () => {
    const { database, stores, clock } = setUp(1);
    await fill(database, all(10));
    const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 9, excluded: [] });
    expect(await find(stores[0]!.begin(), pool)).toBeUndefined();
    await fill(database, [7], { state: LeaseState.reclaimed });
    expect(await find(stores[0]!.begin(), pool)).toBeUndefined();
    expect(database.searches).toBe(1);
    clock.advance(2);
    const batch = stores[0]!.begin();
    batch.available(pool, NOW + 2);
    await batch.load();
    expect(batch.available(pool, NOW + 2)).toBe(FIRST + 7);
    expect(batch.byAddress(FIRST + 7)?.state).toBe(LeaseState.reclaimed);
  });

  it("that has taken long to be searched is left alone the longer", async () => {
    const { database, stores, clock } = setUp(1);
    await fill(database, all(10));
    const { search, end } = hold(database);
    const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 9, excluded: [] });
    const found = find(stores[0]!.begin(), pool);
    await search;
    clock.advance(4);
    await end();
    expect(await found).toBeUndefined();
    for (const [wait, searches] of [
      [37, 1],
      [1, 2],
    ] as const) {
      clock.advance(wait);
      await find(stores[0]!.begin(), pool, clock.wall());
      expect(database.searches).toBe(searches);
    }
  });

  it.each([
    ["is removed", undefined],
    ["is reclaimed", LeaseState.reclaimed],
  ])("that is full gives a member whose lease %s at once", async (_, state) => {
    const { database, stores } = setUp(1);
    await fill(database, all(10));
    const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 9, excluded: [] });
    expect(await find(stores[0]!.begin(), pool)).toBeUndefined();
    const batch = await begin(stores[0]!, 4, 4);
    if (state === undefined) batch.remove(FIRST + 4);
    else batch.put(lease(4, 4, { state }));
    await batch.commit();
    const next = await begin(stores[0]!, 20);
    expect(await find(next, pool)).toBe(4);
    next.put(lease(4, 20));
    expect(await next.commit()).toEqual({ kind: "durable" });
    expect(database.searches).toBe(1);
  });

  it("whose search fails fails the load, and is searched again", async () => {
    const { database, stores } = setUp(1);
    await fill(database, all(299));
    const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 299, excluded: [] });
    const { search, fail } = hold(database);
    const found = find(stores[0]!.begin(), pool);
    await search;
    fail(new Error("connection lost"));
    await expect(found).rejects.toThrow("connection lost");
    database.searching = undefined;
    expect(await find(stores[0]!.begin(), pool)).toBe(299);
  });

  it("never gives an excluded address", async () => {
    const { stores } = setUp(1);
    const pool = stores[0]!.openPool({ first: FIRST, last: FIRST + 2, excluded: [FIRST, FIRST + 2] });
    const batch = await begin(stores[0]!, 1);
    expect(await find(batch, pool)).toBe(1);
    batch.put(lease(1, 1));
    expect(await find(batch, pool)).toBeUndefined();
  });
});

describe("a database that fails", () => {
  it("fails the load and the commit, and what was to be changed is as it was", async () => {
    const { database, stores } = setUp(1);
    const [batch, other] = [await begin(stores[0]!, 1, 5), await begin(stores[0]!, 2, 6)];
    other.put(lease(6, 2));
    const done = other.commit();
    batch.relyOn(batch.byAddress(FIRST + 6)!);
    expect(await done).toEqual({ kind: "durable" });
    database.fault = new Error("connection lost");
    batch.put(lease(5, 1));
    expect(await batch.commit()).toEqual({ kind: "failed", error: database.fault });
    const late = stores[0]!.begin();
    late.byAddress(FIRST + 5);
    await expect(late.load()).rejects.toThrow("connection lost");
    database.fault = undefined;
    expect((await begin(stores[0]!, 1, 5)).byAddress(FIRST + 5)).toBeUndefined();
  });
});
