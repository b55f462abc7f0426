import { describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { parseIpv6Key } from "../../ip/ipv6-key.ts";
import { createIpv6Range } from "../../ip/ipv6-range.ts";
import { LeaseState } from "../model/lease.ts";
import { describeLeaseStore } from "../model/lease-store.contract.ts";
import type { LeaseBatch6 } from "../model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../model/lease6.ts";
import { MemoryDatabase4 } from "../testing/memory-database4.ts";
import { MemoryDatabase6 } from "../testing/memory-database6.ts";
import { FIRST, find, lease, lookUp, NOW, setUp } from "../testing/shared-servers4.ts";
import { family4, family6Addresses, family6Prefixes } from "../testing/test-families.ts";
import { describeSharedStores } from "./shared-store.contract.ts";
import { SharedStore4 } from "./shared-store4.ts";
import { family6, SharedStore6 } from "./shared-store6.ts";

/** For one test, with a clock that stands still. */
const inMemory =
  <Store>(create: () => (clock: ManualClock) => Store) =>
  () => {
    const open = create();
    const harness = { now: NOW, open: async () => open(new ManualClock(NOW)), dispose: async () => {} };
    return Promise.resolve(harness);
  };
const memory4 = inMemory(() => {
  const database = new MemoryDatabase4();
  return (clock) => new SharedStore4(database, clock);
});
const memory6 = inMemory(() => {
  const database = new MemoryDatabase6();
  return (clock) => new SharedStore6(database, clock);
});

describeLeaseStore("a shared database", family4, memory4);
describeSharedStores("a database in memory", family4, memory4);
for (const family of [family6Addresses, family6Prefixes]) {
  describeLeaseStore("a shared database", family, memory6);
  describeSharedStores("a database in memory", family, memory6);
}

describe("two servers on one database", () => {
  it("forget their offer of an address that the other has given", async () => {
    const { stores } = setUp();
    const [one, two] = [stores[0]!, stores[1]!];
    (await lookUp(one, 1)).put(lease(5, 1, { state: LeaseState.offered }));
    const other = await lookUp(two, 2, 5);
    other.put(lease(5, 2));
    await other.commit();
    const batch = await lookUp(one, 1, 5);
    expect(batch.byAddress(FIRST + 5)).toEqual(lease(5, 2));
    expect(family4.view(batch).heldBy(1)[0]).toEqual([]);
  });

  it("do not take for all of a client's leases what one knew at an offer, once it claims something there", async () => {
    const { stores } = setUp();
    const [one, two] = [stores[0]!, stores[1]!];
    (await lookUp(one, 1, 5)).put(lease(5, 1, { state: LeaseState.offered }));
    const other = await lookUp(two, 1, 3);
    other.put(lease(3, 1));
    expect(await other.commit()).toEqual({ kind: "durable" });
    const wandered = await lookUp(one, 1, 6);
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
    (await lookUp(stores[0]!, 1)).put(offer);
    clock.advance(59);
    expect((await lookUp(stores[0]!, 1, 5)).byAddress(FIRST + 5)).toEqual(offer);
    clock.advance(1);
    expect((await lookUp(stores[0]!, 1, 5)).byAddress(FIRST + 5)).toBeUndefined();
  });

  it("give each address of a pool once, also when both begin at the same member", async () => {
    const { stores, database } = setUp();
    const pools = stores.map((store) => store.openPool({ first: FIRST, last: FIRST + 299, excluded: [] }));
    let client = 0;
    while (database.leases.size < 300) {
      await Promise.all(
        stores.map(async (store, i) => {
          const number = client++;
          const batch = await lookUp(store, number);
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
    const [early, give] = [await lookUp(store, 1, 6), await lookUp(store, 1, 5)];
    give.put(lease(5, 1));
    const given = give.commit();
    const away = store.begin();
    away.remove(FIRST + 5);
    const removed = away.commit();
    early.put(lease(6, 1, { state: LeaseState.offered }));
    expect([await given, await removed]).toEqual([{ kind: "durable" }, { kind: "durable" }]);
    await lookUp(store, 2);

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
    const batches = [await lookUp(stores[0]!, 9, 9), await lookUp(stores[0]!, 1, 5), await lookUp(stores[0]!, 1, 6)];
    const given = [lease(9, 9), lease(5, 1), lease(6, 1, { subnetId: 8 })];
    const results = batches.map((batch, i) => {
      batch.put(given[i]!);
      return batch.commit();
    });
    for (const result of results) expect(await result).toEqual({ kind: "durable" });
    const identifiers = commit.mock.calls.map(([changes]) => changes.map(({ claim }) => claim?.identifier));
    expect(identifiers.flat()).toHaveLength(3);
    for (const group of identifiers) expect(new Set(group).size).toBe(group.length);
  });

  it("is seen by who began to look before it was durable", async () => {
    const { database, stores } = setUp(1);
    const store = stores[0]!;
    const give = await lookUp(store, 1, 5);
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
    const give = await lookUp(store, 1, 5);
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
    const other = await lookUp(store, 1);
    expect(other.byAddress(FIRST + 5)).toEqual(lease(5, 1, { cltt: NOW + 1 }));
    expect(family4.view(other).heldBy(1)[0]).toEqual([lease(5, 1, { cltt: NOW + 1 })]);
    start();
    expect(await renewed).toEqual({ kind: "durable" });
  });

  it("hides no lease that the other server has given there meanwhile", async () => {
    const { database, stores } = setUp();
    const [one, two] = [stores[0]!, stores[1]!];
    const late = await lookUp(one, 1, 5);
    const other = await lookUp(two, 2, 5);
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
    const wandered = await lookUp(one, 2, 6);
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
      const batch = await lookUp(stores[client]!, client, 5);
      batch.put(lease(5, client));
      expect(await batch.commit()).toEqual({ kind: "durable" });
    }
    expect(database.claims.size).toBe(1);
    const away = await lookUp(stores[0]!, 2, 5);
    away.remove(FIRST + 5);
    await away.commit();
    expect(database.claims.size).toBe(0);
  });
});

describe("a database that fails", () => {
  it("fails the load and the commit, and what was to be changed is as it was", async () => {
    const { database, stores } = setUp(1);
    const [batch, other] = [await lookUp(stores[0]!, 1, 5), await lookUp(stores[0]!, 2, 6)];
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
    expect((await lookUp(stores[0]!, 1, 5)).byAddress(FIRST + 5)).toBeUndefined();
  });
});

describe("prefixes of several lengths in one database", () => {
  const range = createIpv6Range(parseIpv6Key("2001:db8::")!, parseIpv6Key("2001:db8:0:fff0::")!, 60);
  const at = (text: string) => parseIpv6Key(`2001:db8:0:${text}::`)!;
  function held(text: string, prefixLength: number, client: number, change: Partial<Lease6> = {}): Lease6 {
    return { ...family6Prefixes.lease(0, { cltt: NOW }, client), address: at(text), prefixLength, ...change };
  }
  function setUp6(...leases: Lease6[]) {
    const database = new MemoryDatabase6();
    for (const each of leases) database.leases.set(family6.keyOf(each), each);
    const store = new SharedStore6(database, new ManualClock(NOW));
    return { database, store, pool: store.openPool({ type: LeaseType6.prefix, range, excluded: [] }) };
  }
  /** Loads until the question is answered. */
  async function ask<Answer>(batch: LeaseBatch6, question: () => Answer): Promise<Answer> {
    for (;;) {
      const { missed } = batch;
      const answer = question();
      if (batch.missed === missed) return answer;
      await batch.load();
    }
  }
  const isCrossed = (batch: LeaseBatch6, text: string, length: number, ...spared: string[]) =>
    ask(batch, () => batch.isCrossed(at(text), length, spared.length === 0 ? undefined : new Set(spared.map(at))));

  it("cross each other where one is part of the other, and are of different lengths", async () => {
    const { store } = setUp6(held("1000", 56, 1), held("2010", 60, 1), family6Addresses.lease(1));
    const batch = store.begin();
    const crossed = async (...prefixes: string[]) => {
      const found: string[] = [];
      for (const each of prefixes) {
        const [text, length] = each.split("/");
        if (await isCrossed(batch, text!, Number(length))) found.push(each);
      }
      return found;
    };
    expect(await crossed("1000/60", "10f0/60", "1000/56", "1100/60", "f00/60", "1000/52")).toEqual([
      "1000/60",
      "10f0/60",
      "1000/52",
    ]);
    expect(await crossed("2000/56", "2010/60", "2020/60", "2000/52", "2010/64")).toEqual([
      "2000/56",
      "2000/52",
      "2010/64",
    ]);
    expect(await isCrossed(batch, "1000", 52, "1000")).toBe(false);
    expect(await isCrossed(batch, "1000", 52, "2010")).toBe(true);
  });

  it.each<[string, Partial<Lease6>, boolean]>([
    ["has a second left", { cltt: NOW - 3599 }, true],
    ["is over", { cltt: NOW - 3600 }, false],
    ["was given up", { state: LeaseState.reclaimed }, false],
    ["is of an address", { type: LeaseType6.address }, false],
  ])("cross what %s: %j", async (_, change, expected) => {
    const { store } = setUp6(held("1000", 56, 1, change));
    expect(await isCrossed(store.begin(), "1010", 60)).toBe(expected);
  });

  it("cross what is on offer, given in the same batch, or on its way", async () => {
    const { store } = setUp6();
    const batch = store.begin();
    await ask(batch, () => [
      batch.byDuid(held("0", 60, 1).duid),
      ["1000", "2000"].map((text) => batch.byAddress(2, at(text))),
    ]);
    expect(await isCrossed(batch, "1010", 60)).toBe(false);
    expect(await isCrossed(batch, "2010", 60)).toBe(false);
    batch.put(held("1000", 56, 1, { state: LeaseState.offered }));
    batch.put(held("2000", 56, 1));
    expect([await isCrossed(batch, "1010", 60), await isCrossed(batch, "2010", 60)]).toEqual([true, true]);
    const committed = batch.commit();
    const other = store.begin();
    expect([await isCrossed(other, "1010", 60), await isCrossed(other, "2010", 60)]).toEqual([true, true]);
    expect(await committed).toEqual({ kind: "durable" });
  });

  it("go on crossing what is given up in a batch until it is known that it was, and no longer", async () => {
    const { store } = setUp6(held("1000", 56, 1), held("2000", 56, 1));
    const batch = store.begin();
    await ask(batch, () => ["1000", "2000"].map((text) => batch.byAddress(2, at(text))));
    for (const text of ["1010", "2010"]) expect(await isCrossed(batch, text, 60)).toBe(true);
    batch.remove(2, at("1000"));
    batch.put(held("2000", 56, 1, { state: LeaseState.reclaimed }));
    expect([await isCrossed(batch, "1010", 60), await isCrossed(batch, "2010", 60)]).toEqual([true, false]);
    const other = store.begin();
    expect(await isCrossed(other, "1010", 60)).toBe(true);
    expect(await batch.commit()).toEqual({ kind: "durable" });
    expect(await isCrossed(other, "1010", 60)).toBe(false);
  });

  it("are passed over in a pool", async () => {
    const { store, pool } = setUp6(held("0", 53, 1), held("fff0", 60, 3));
    const first = store.begin();
    expect(await ask(first, () => first.available(pool, NOW))).toBe(at("800"));
    const plain = setUp6(held("0", 60, 1));
    const batch = plain.store.begin();
    const load = vi.spyOn(plain.database, "load");
    const found = await ask(batch, () => batch.available(plain.pool, NOW));
    expect(found).toBe(at("10"));
    expect(load.mock.calls.flatMap(([{ crossings }]) => crossings)).toHaveLength(1);
    const addresses = plain.store.openPool({ type: LeaseType6.address, range, excluded: [] });
    await ask(batch, () => batch.available(addresses, NOW));
    expect(load.mock.calls.flatMap(([{ crossings }]) => crossings)).toHaveLength(1);
  });

  it("are found by what their relays are known by, from an address on", async () => {
    const named = (text: string) => held(text, 60, 1, { hostname: "a.example" });
    const { store } = setUp6(named("10"), named("20"), held("30", 60, 1));
    const mark = { kind: "hostname", name: "A.example" } as const;
    expect(await store.marked(mark, undefined, 9)).toEqual([named("10"), named("20")]);
    expect(await store.marked(mark, at("10"), 9)).toEqual([named("20")]);
    expect(await store.marked(mark, undefined, 1)).toEqual([named("10")]);
  });
});
