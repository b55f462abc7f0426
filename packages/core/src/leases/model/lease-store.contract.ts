/** What every lease back-end must do, whatever it keeps the leases in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestFamily } from "../testing/test-families.ts";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "./lease.ts";
import type { Found, LeaseBatch, LeaseStore } from "./lease-store.ts";

export interface LeaseStoreHarness<Store> {
  /** The time that the store takes for the present when it is opened. */
  readonly now: number;
  /** Opens the store: empty the first time, with the durable leases when it was closed before. */
  open(): Promise<Store>;
  /** Removes what the test has left. */
  dispose(): Promise<void>;
}

export function describeLeaseStore<L extends Lease, View, Leases>(
  name: string,
  family: TestFamily<L, View, Leases>,
  createHarness: () => Promise<LeaseStoreHarness<LeaseStore<L, LeaseBatch<L> & View> & Leases>>,
): void {
  type Store = LeaseStore<L, LeaseBatch<L> & View> & Leases;
  describe(`${name} as a lease store of ${family.name}`, () => {
    let harness: LeaseStoreHarness<Store>;
    let store: Store;

    beforeEach(async () => {
      harness = await createHarness();
      store = await harness.open();
    });

    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });

    const lease = (member: number, change: Partial<Lease> = {}, client = member) =>
      family.lease(member, { cltt: harness.now, ...change }, client);

    /** A batch by numbers, with everything at hand that is about these members and the clients of the same numbers. */
    async function begin(members: readonly number[] = [0, 1, 2, 3, 4, 5, 9]) {
      const batch = store.begin();
      const view = family.view(batch);
      for (const member of members) {
        view.get(member);
        view.heldBy(member);
      }
      if (batch.missed > 0) await batch.load();
      return {
        ...view,
        /** @param pool as long as it takes to look into it */
        async available(pool: unknown) {
          for (;;) {
            const { missed } = batch;
            const found = view.available(pool, harness.now);
            if (batch.missed === missed) return found;
            await batch.load();
          }
        },
        put: (each: L) => batch.put(each),
        relyOn: (each: L) => batch.relyOn(each),
        abandon: () => batch.abandon(),
        commit: () => batch.commit(),
      };
    }

    const all = () => family.leases(store).page(-1, 1000);

    async function commit(...leases: L[]): Promise<void> {
      const batch = await begin(leases.map((each) => family.memberOf(each)));
      for (const each of leases) batch.put(each);
      expect(await batch.commit()).toEqual({ kind: "durable" });
    }

    async function reopen(): Promise<void> {
      await store.close();
      store = await harness.open();
    }

    it("a lease comes back with every field, also after a restart", async () => {
      await commit(...family.extremes);
      expect(await all()).toEqual(family.extremes);
      await reopen();
      expect(await all()).toEqual(family.extremes);
    });

    it("a change shows at once, in its own batch and in the next, before it is durable", async () => {
      const first = await begin();
      first.put(lease(1));
      expect(first.get(1)).toEqual(lease(1));
      const durable = first.commit();
      expect((await begin()).get(1)).toEqual(lease(1));
      await durable;
    });

    it("a batch that relies on a lease is not durable before that is, and changes nothing", async () => {
      const told: string[] = [];
      const first = await begin();
      first.put(lease(1));
      const durable = first.commit().then(() => told.push("put"));
      const second = await begin();
      second.relyOn(second.get(1)!);
      expect(await second.commit().finally(() => told.push("relied on"))).toEqual({ kind: "durable" });
      await durable;
      expect(told).toEqual(["put", "relied on"]);
      const third = await begin();
      third.relyOn(third.get(1)!);
      expect(await third.commit()).toEqual({ kind: "durable" });
      expect(await all()).toEqual([lease(1)]);
    });

    it("a batch that is given up has changed nothing", async () => {
      await commit(lease(1), lease(2));
      const batch = await begin();
      batch.put(lease(1, { hostname: "other" }));
      batch.remove(2);
      batch.put(lease(3));
      batch.abandon();
      expect([1, 2, 3].map((await begin()).get)).toEqual([lease(1), lease(2), undefined]);
      expect(() => batch.commit()).toThrow("a batch is committed once");
      await commit(lease(4));
      await reopen();
      expect(await all()).toEqual([lease(1), lease(2), lease(4)]);
    });

    it("who watches is told what has become durable, in order, and of no offer", async () => {
      await commit(lease(1, { hostname: "one" }), lease(2, { hostname: "two" }));
      const told: string[] = [];
      store.watch({
        put: (each, before) => told.push(`put ${family.memberOf(each)} ${each.hostname}, was ${before?.hostname}`),
        discard: (each) => told.push(`discard ${family.memberOf(each)} ${each.hostname}`),
      });
      const first = await begin();
      first.put(lease(1, { hostname: "renewed" }));
      first.put(lease(3, { state: LeaseState.offered }));
      first.remove(2);
      first.remove(9);
      const firstResult = first.commit();
      expect(told).toEqual([]);
      const second = await begin();
      second.put(lease(3, { hostname: "taken" }));
      second.put(lease(4, { state: LeaseState.offered }));
      const secondResult = second.commit();
      await firstResult;
      expect(told.slice(0, 2)).toEqual(["put 1 renewed, was one", "discard 2 two"]);
      await secondResult;
      expect(told.slice(2)).toEqual(["put 3 taken, was undefined"]);
      (await begin()).put(lease(5));
      expect((await begin()).get(4)?.state).toBe(LeaseState.offered);
      expect(told).toHaveLength(3);
    });

    it("all who watch are told", async () => {
      const told: string[] = [];
      for (const who of ["a", "b"]) store.watch({ put: () => told.push(who), discard: () => {} });
      await commit(lease(1));
      expect(told).toEqual(["a", "b"]);
    });

    it("what is put or removed is what the succession makes of it, offers left out", async () => {
      await commit(lease(9, { state: LeaseState.offered, hostname: "offered" }));
      await commit(lease(1, { hostname: "one" }), lease(2, { hostname: "two" }), lease(3, { hostname: "three" }));
      const told: string[] = [];
      store.watch({
        put: (each, before) => told.push(`put ${each.hostname}, was ${before?.hostname}`),
        discard: (each) => told.push(`discard ${each.hostname}`),
      });
      store.succeed((before, after) => {
        if (before?.hostname === "three") return after;
        return { ...(after ?? before!), hostname: `${before?.hostname} then ${after?.hostname}` };
      });
      const batch = await begin();
      batch.put(lease(1, { hostname: "new" }));
      batch.remove(2);
      batch.remove(3);
      batch.put(lease(4, { hostname: "first" }));
      batch.put(lease(5, { state: LeaseState.offered, hostname: "offered" }));
      batch.put(lease(9, { hostname: "taken" }));
      expect(batch.get(2)?.hostname).toBe("two then undefined");
      await batch.commit();
      expect(told).toEqual([
        "put one then new, was one",
        "put two then undefined, was two",
        "discard three",
        "put undefined then first, was undefined",
        "put undefined then taken, was undefined",
      ]);
      await reopen();
      const reopened = await begin();
      expect([1, 2, 3, 4].map((member) => reopened.get(member)?.hostname)).toEqual([
        "one then new",
        "two then undefined",
        undefined,
        "undefined then first",
      ]);
    });

    it("tells how many leases of each kind there are, offers left out", async () => {
      expect(await store.tally()).toEqual([]);
      await commit(
        lease(1),
        lease(2),
        lease(3, { poolId: 5 }),
        lease(4, { subnetId: 8 }),
        lease(5, { state: LeaseState.reclaimed }),
        lease(6, { state: LeaseState.offered }),
      );
      const { type } = { type: undefined, ...lease(1) };
      const { assigned, reclaimed } = LeaseState;
      const tallies = [
        { subnetId: 7, poolId: 0, state: assigned, type, count: 2 },
        { subnetId: 7, poolId: 5, state: assigned, type, count: 1 },
        { subnetId: 7, poolId: 0, state: reclaimed, type, count: 1 },
        { subnetId: 8, poolId: 0, state: assigned, type, count: 1 },
      ];
      expect(new Set(await store.tally())).toEqual(new Set(tallies));
      await reopen();
      expect(new Set(await store.tally())).toEqual(new Set(tallies));
    });

    it("results come in the order of the commits", async () => {
      const order: number[] = [];
      const commits = [1, 2, 3, 4].map(async (last) => {
        const batch = await begin();
        batch.put(lease(last));
        await batch.commit();
        order.push(last);
      });
      await Promise.all(commits);
      expect(order).toEqual([1, 2, 3, 4]);
    });

    it("the last change of an address holds", async () => {
      await commit(lease(1), lease(1, { cltt: harness.now + 1 }));
      await commit(lease(1, { cltt: harness.now + 2, hostname: "other" }));
      await reopen();
      expect(await all()).toEqual([lease(1, { cltt: harness.now + 2, hostname: "other" })]);
    });

    it("a removed lease is gone, also after a restart", async () => {
      await commit(lease(1), lease(2));
      const batch = await begin();
      batch.remove(1);
      batch.remove(9);
      expect(await batch.commit()).toEqual({ kind: "durable" });
      expect((await begin()).heldBy(1).flat()).toEqual([]);
      await reopen();
      expect(await all()).toEqual([lease(2)]);
    });

    it("a lease on offer is kept in memory only, and is not counted", async () => {
      await commit(lease(1, { state: LeaseState.offered }));
      expect((await begin()).get(1)?.state).toBe(LeaseState.offered);
      expect(await store.tally()).toEqual([]);
      await reopen();
      expect((await begin()).get(1)).toBeUndefined();
    });

    it("a lease on offer is still there when the batches after it have come and gone", async () => {
      const offer = lease(1, { state: LeaseState.offered });
      await commit(offer);
      await commit(lease(2));
      await commit(lease(3, { state: LeaseState.offered }));
      expect((await begin()).get(1)).toEqual(offer);
      await commit(lease(1));
      expect(await all()).toEqual([lease(1), lease(2)]);
    });

    it("a batch without changes is durable at once", async () => {
      expect(await (await begin()).commit()).toEqual({ kind: "durable" });
    });

    it("clients are found by each of their identifiers, in every subnet, the last lease first", async () => {
      const later = lease(2, { subnetId: 8, cltt: harness.now + 1 }, 1);
      await commit(lease(1), later, lease(3));
      for (const held of (await begin()).heldBy(1)) expect(held).toEqual([later, lease(1)]);
      await commit(lease(1, {}, 3));
      for (const held of (await begin()).heldBy(1)) expect(held).toEqual([later]);
    });

    it("of a client that holds hundreds of leases the last 64 are found", async () => {
      const hers = (member: number) => lease(member, { cltt: harness.now + member }, 1);
      await commit(...Array.from({ length: 300 }, (_, member) => hers(member)));
      const last = Array.from({ length: 64 }, (_, i) => hers(299 - i));
      for (const held of (await begin()).heldBy(1)) expect(held).toEqual(last);
    });

    it("bytes that the caller changes after the put do not reach the lease", async () => {
      const batch = await begin();
      const given = lease(1);
      batch.put(given);
      for (const field of Object.values(given)) if (field instanceof Uint8Array) field.fill(0xff);
      await batch.commit();
      await reopen();
      expect(await all()).toEqual([lease(1)]);
    });

    it("what was given in a batch still under way is not given again", async () => {
      const pool = family.leases(store).openPool(1, 2);
      const first = await begin();
      const given = (await first.available(pool))!;
      first.put(lease(given));
      const durable = first.commit();
      const second = await begin();
      const other = (await second.available(pool))!;
      expect(new Set([given, other])).toEqual(new Set([1, 2]));
      second.put(lease(other));
      const durableToo = second.commit();
      expect(await (await begin()).available(pool)).toBeUndefined();
      await Promise.all([durable, durableToo]);
    });

    it("who looks for what is free finds it again, in another batch, too, until it is given", async () => {
      const pool = family.leases(store).openPool(1, 9);
      const first = await begin();
      const found = (await first.available(pool))!;
      const looks = [first, first, await begin()].map((batch) => batch.available(pool));
      expect(await Promise.all(looks)).toEqual([found, found, found]);
      first.put(lease(found));
      first.leaveBehind(pool, found);
      expect(await first.available(pool)).not.toBe(found);
      await first.commit();
    });

    it("leases whose time is over are found oldest first, leases without end never", async () => {
      await commit(
        lease(1, { validLifetime: 20 }),
        lease(2, { validLifetime: 10, state: LeaseState.declined }),
        lease(3, { validLifetime: INFINITE_LIFETIME }),
        lease(4, { validLifetime: 10, state: LeaseState.reclaimed }),
        lease(5, { validLifetime: 30 }),
      );
      const last = async (leases: Found<L>) => (await leases).map((each) => family.memberOf(each));
      expect(await last(store.begin().expired(harness.now + 19, 10))).toEqual([2]);
      expect(await last(store.begin().expired(harness.now + 40, 2))).toEqual([2, 1]);
      expect(await last(store.begin().forgettable(harness.now + 69, 60, 10))).toEqual([]);
      expect(await last(store.begin().forgettable(harness.now + 70, 60, 10))).toEqual([4]);
    });

    it("pages go on where the one before ended", async () => {
      await commit(...[5, 3, 1, 4, 2].map((last) => lease(last)));
      const first = await family.leases(store).page(-1, 2);
      const second = await family.leases(store).page(family.memberOf(first.at(-1)!), 10);
      expect([...first, ...second]).toEqual([1, 2, 3, 4, 5].map((last) => lease(last)));
    });

    it("a lease of nobody is refused (CVE-2019-6474)", async () => {
      const batch = await begin();
      expect(() => batch.put(lease(1, {}, -1))).toThrow(RangeError);
      expect(await store.tally()).toEqual([]);
    });
  });
}
