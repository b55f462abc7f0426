import { describe, expect, it, vi } from "vitest";
import { LeaseState } from "../../model/lease.ts";
import type { Lease4 } from "../../model/lease4.ts";
import type { MemoryDatabase4 } from "../../testing/memory-database4.ts";
import { FIRST, find, lease, lookUp, NOW, setUp } from "../../testing/shared-servers4.ts";
import { SharedStore4 } from "../shared-store4.ts";

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
    const { database, clock } = setUp(0);
    // By chance it would be found at once, where a block is tried first.
    const store = new SharedStore4(database, clock, () => 0.25);
    await fill(database, all(66_000));
    const { search, end } = hold(database);
    const pool = store.openPool({ first: FIRST, last: FIRST + 66_000, excluded: [] });
    expect(await find(store.begin(), pool)).toBeUndefined();
    await search;
    expect(await find(await lookUp(store, 1, 7), pool)).toBeUndefined();
    await end();
    expect(await find(store.begin(), pool)).toBe(66_000);
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
    expect((await lookUp(stores[0]!, 7, 7)).byAddress(FIRST + 7)).toEqual(lease(7, 7));
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
    const batch = await lookUp(stores[0]!, 4, 4);
    if (state === undefined) batch.remove(FIRST + 4);
    else batch.put(lease(4, 4, { state }));
    await batch.commit();
    const next = await lookUp(stores[0]!, 20);
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
    const batch = await lookUp(stores[0]!, 1);
    expect(await find(batch, pool)).toBe(1);
    batch.put(lease(1, 1));
    expect(await find(batch, pool)).toBeUndefined();
  });
});
