import { describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { LeaseState } from "../model/lease.ts";
import { describeLeaseStore } from "../model/lease-store.contract.ts";
import { MemoryDatabase4 } from "../testing/memory-database4.ts";
import { MemoryDatabase6 } from "../testing/memory-database6.ts";
import { FIRST, find, lease, lookUp, NOW, setUp } from "../testing/shared-servers4.ts";
import { family4, family6Addresses, family6Prefixes } from "../testing/test-families.ts";
import { describeSharedStores } from "./shared-store.contract.ts";
import { SharedStore4 } from "./shared-store4.ts";
import { SharedStore6 } from "./shared-store6.ts";

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
