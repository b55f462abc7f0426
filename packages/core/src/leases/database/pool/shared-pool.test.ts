import { describe, expect, it, vi } from "vitest";
import { LeaseState } from "../../model/lease.ts";
import type { Lease4 } from "../../model/lease4.ts";
import type { MemoryDatabase4 } from "../../testing/memory-database4.ts";
import { FIRST, find, lease, lookUp, NOW, setUp } from "../../testing/shared-servers4.ts";
import { SharedStore4 } from "../shared-store4.ts";
import { type Searcher, SharedPool } from "./shared-pool.ts";

describe("a pool in a database", () => {
  async function fill(database: MemoryDatabase4, members: Iterable<number>, change: Partial<Lease4> = {}) {
    for (const member of members) database.leases.set(FIRST + member, lease(member, member, change));
  }
  /** The same with leases of one client, which are made sooner: for tens of thousands. */
  function crowd(database: MemoryDatabase4, members: readonly number[]) {
    const one = lease(0, 0);
    for (const member of members) database.leases.set(FIRST + member, { ...one, address: FIRST + member });
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
      crowd(
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
    crowd(database, all(70_000));
    const store = new SharedStore4(database, clock, () => 0.25);
    const pool = store.openPool({ first: FIRST, last: FIRST + 2 ** 24 - 1, excluded: [] });
    expect(await find(store.begin(), pool)).toBe(2 ** 22);
    expect(database.searches).toBe(0);
  });

  it("of more addresses than a packet waits for is searched beside service, and gives its last one then", async () => {
    const { database, clock } = setUp(0);
    // By chance it would be found at once, where a block is tried first.
    const store = new SharedStore4(database, clock, () => 0.25);
    crowd(database, all(66_000));
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

describe("what a pool knows of itself", () => {
  /** A pool of numbers, a database that knows which of them are leased, and what was asked of it. */
  function stage(size: number) {
    const pool = new SharedPool<string, number, string>("range", {
      size,
      searched: 65_536,
      at: (index) => index,
      indexOf: (key) => (key >= 0 && key < size ? key : undefined),
      isExcluded: (key) => key === 13,
    });
    const leased = new Set(Array.from({ length: size }, (_, index) => index));
    const over: { key: number; lease: string }[] = [];
    const stage = { now: NOW, duration: 0, fault: undefined as Error | undefined };
    const spans: string[] = [];
    const blocks: string[] = [];
    const search: Searcher<string, number, string>["search"] = async (asked) => {
      expect(asked.range).toBe("range");
      spans.push(asked.spans.map(({ first, last }) => `${first}-${last}`).join(" "));
      await new Promise(setImmediate);
      stage.now += stage.duration;
      if (stage.fault !== undefined) throw stage.fault;
      const members = asked.spans.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      return { gap: members.find((key) => !leased.has(key)), over };
    };
    return Object.assign(stage, {
      pool,
      leased,
      over,
      spans,
      blocks,
      search: () => pool.search({ now: () => stage.now, search, isBusy: () => false }),
      ask(start?: number, random = 0) {
        const keys = pool.ask(start);
        blocks.push(`${keys[0]}+${keys.length}`);
        pool.take(keys, (key) => !leased.has(key), random);
      },
      stock: (start?: number) => [...pool.stock(() => false, start)],
    });
  }

  it("its last free member is found by a block, a search and a block behind it", async () => {
    const { pool, leased, spans, blocks, ask, search, stock } = stage(600);
    leased.delete(599);
    expect([pool.isSparse, pool.isLow, pool.hasUnused, pool.mayHaveMore(NOW)]).toEqual([true, true, true, true]);
    ask(0);
    expect([pool.isSparse, pool.isLow, pool.hasUnused, pool.mayHaveMore(NOW)]).toEqual([false, false, true, true]);
    const searched = search();
    expect([pool.isBeingSearched, pool.isSearched(NOW)]).toEqual([false, true]);
    await searched;
    expect([pool.isSparse, pool.isSearched(NOW)]).toEqual([true, false]);
    ask();
    expect(stock()).toEqual([599]);
    expect(blocks).toEqual(["0+255", "599+511"]);
    expect(spans).toEqual(["256-599"]);
  });

  it("a full one rests for two seconds and nine times as long as it was searched, and takes back what comes free", async () => {
    const all = stage(20);
    const { pool, spans, search, ask, stock } = all;
    all.duration = 3;
    ask(0);
    await search();
    expect(spans).toEqual([""]);
    expect([pool.hasUnused, pool.mayHaveMore(NOW + 31), pool.mayHaveMore(NOW + 32)]).toEqual([false, false, true]);
    expect([pool.isSearched(NOW + 31), pool.isSearched(NOW + 32)]).toEqual([true, false]);
    for (const key of [13, 20, -1, 7]) pool.takeBack(key, undefined);
    pool.takeBack(5, "over");
    expect(stock()).toEqual([7, 5]);
    expect([pool.leaseAt(5), pool.leaseAt(7), pool.hasUnused, pool.includes(13)]).toEqual([
      "over",
      undefined,
      true,
      false,
    ]);
    pool.drop(7);
    pool.drop(5);
    expect([stock(), pool.hasUnused]).toEqual([[], false]);
    all.duration = 0;
    all.over.push({ key: 4, lease: "ended" });
    all.now = NOW + 31;
    await search();
    expect(spans).toEqual(["", ""]);
    expect([stock(), pool.mayHaveMore(NOW + 31), pool.mayHaveMore(NOW + 32)]).toEqual([[4], true, true]);
    all.now = NOW + 32;
    all.leased.delete(9);
    await search();
    expect(spans[2]).toMatch(/^(\d+-19 0-\d+|0-19)$/);
    expect(pool.isSparse).toBe(true);
  });

  it("of a large one two blocks are tried elsewhere, and nobody waits for its search, nor hears that it failed", async () => {
    const all = stage(100_000);
    const { pool, blocks, ask, search } = all;
    ask(0, 0.5);
    ask(undefined, 0.25);
    expect(pool.isSparse).toBe(true);
    ask();
    expect(blocks).toEqual(["0+255", "50000+256", "25000+256"]);
    expect(pool.isSparse).toBe(false);
    all.fault = new Error("connection lost");
    await search();
    expect(pool.isBeingSearched).toBe(true);
    await vi.waitFor(() => expect(pool.isBeingSearched).toBe(false));
    all.fault = undefined;
    all.leased.delete(70_000);
    await search();
    await vi.waitFor(() => expect(pool.isSparse).toBe(true));
    ask();
    expect(blocks[3]).toBe("70000+512");
  });

  it("blocks grow while they bring nothing, and are short again once one has", async () => {
    const { leased, blocks, ask, search } = stage(60_000);
    for (let i = 0; i < 6; i++) {
      ask();
      const [first, length] = blocks.at(-1)!.split("+").map(Number) as [number, number];
      // What a search finds behind it is somebody's by the time that it is asked for.
      leased.delete(first + length + 1);
      await search();
      leased.add(first + length + 1);
    }
    leased.delete(30_000);
    ask(0.5);
    ask(0.5);
    const lengths = blocks.map((block) => Number(block.split("+")[1]));
    expect(lengths).toEqual([255, 512, 1024, 2048, 4096, 4096, 4096, 256]);
  });

  it("runs low with fewer than 128 at hand, and begins elsewhere where another server gives from the same place", () => {
    const { pool, leased, blocks, ask, stock } = stage(1000);
    for (let key = 0; key < 128; key++) leased.delete(key);
    leased.delete(500);
    leased.add(20);
    ask(0);
    expect([stock().length, stock(0.5)[0], pool.isLow]).toEqual([126, 65, true]);
    leased.delete(300);
    ask();
    expect([stock().length, pool.isLow]).toEqual([128, false]);
    leased.add(0);
    pool.take([0, 1], (key) => !leased.has(key), 0);
    expect([stock()[0], pool.isLow]).toEqual([1, true]);
    pool.scatter(1, 0.5);
    expect(stock()).toEqual([]);
    ask();
    expect(blocks.at(-1)).toBe("500+256");
    expect(stock()).toEqual([500]);
  });
});
