/** What every database that servers share must do when two of them are at the same clients and members. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Lease, LeaseState } from "../model/lease.ts";
import type { NewLease } from "../model/lease-limit.ts";
import type { LeaseBatch, LeaseStore } from "../model/lease-store.ts";
import { LeaseType6 } from "../model/lease6.ts";
import type { TestFamily } from "../testing/test-families.ts";
import { DURABLE, describeMoves, taken } from "./changes/moves.contract.ts";

export interface SharedDatabaseHarness<Store> {
  /** The time that the stores take for the present. */
  readonly now: number;
  /** Opens a store, one a server, on the database of this test. */
  open(): Promise<Store>;
}

export function describeSharedStores<L extends Lease, View, Leases>(
  name: string,
  family: TestFamily<L, View, Leases>,
  createHarness: () => Promise<SharedDatabaseHarness<LeaseStore<L, LeaseBatch<L> & View> & Leases>>,
): void {
  type Batch = LeaseBatch<L> & View;
  type Store = LeaseStore<L, Batch> & Leases;
  describe(`two servers on ${name} with leases of ${family.name}`, () => {
    let now: number;
    let one: Store;
    let two: Store;

    beforeEach(async () => {
      const harness = await createHarness();
      now = harness.now;
      one = await harness.open();
      two = await harness.open();
    });

    afterEach(async () => {
      await one.close();
      await two.close();
    });

    const lease = (member: number, client: number, change: Partial<Lease> = {}) =>
      family.lease(member, { cltt: now, ...change }, client);
    const elsewhere = { subnetId: 8 };

    /** A batch that has looked up a client and some members. */
    async function begin(store: Store, client: number, ...members: number[]): Promise<Batch> {
      const batch = store.begin();
      const view = family.view(batch);
      view.heldBy(client);
      for (const member of members) view.get(member);
      await batch.load();
      return batch;
    }

    /** The result of the one whose turn comes second is the second. */
    async function race(first: Batch, second: Batch) {
      const result = await first.commit();
      return [result, await second.commit()];
    }

    async function give(store: Store, ...leases: [client: number, member: number, change?: Partial<Lease>][]) {
      for (const [client, member, change] of leases) {
        const batch = await begin(store, client, member);
        batch.put(lease(member, client, change));
        expect(await batch.commit()).toEqual(DURABLE);
      }
    }

    const heldBy = async (client: number) => family.view(await begin(two, client)).heldBy(client)[0];
    const all = () => family.leases(one).page(-1, 100);

    describeMoves(family, {
      get one() {
        return one;
      },
      get two() {
        return two;
      },
      get now() {
        return now;
      },
      ...{ lease, begin, race, give, all, heldBy },
    });

    it("an address goes to one client only, and the other server finds it so", async () => {
      const [first, second] = [await begin(one, 1, 5), await begin(two, 2, 5)];
      first.put(lease(5, 1));
      second.put(lease(5, 2));
      expect(await race(first, second)).toEqual([DURABLE, taken(0)]);
      expect(await all()).toEqual([lease(5, 1)]);
      expect(family.view(await begin(two, 2, 5)).get(5)).toEqual(lease(5, 1));
    });

    it.each([
      ["one subnet", {}],
      ["two subnets, as of a shared network", elsewhere],
    ])("a client is given one lease only, in %s", async (_, change) => {
      const [first, second] = [await begin(one, 1, 5), await begin(two, 1, 6)];
      first.put(lease(5, 1));
      second.put(lease(6, 1, change));
      expect(await race(first, second)).toEqual([DURABLE, taken(0)]);
      expect(await heldBy(1)).toEqual([lease(5, 1)]);
    });

    it("a client that has had a lease before is given one lease only", async () => {
      const over = { state: LeaseState.reclaimed, cltt: now - 1 };
      await give(one, [1, 4, over], [1, 3]);
      const [first, second] = [await begin(one, 1, 3, 5), await begin(two, 1, 4)];
      family.view(first).remove(3);
      first.put(lease(5, 1, elsewhere));
      second.put(lease(4, 1));
      expect(await race(first, second)).toEqual([DURABLE, taken(0)]);
      expect(await heldBy(1)).toEqual([lease(5, 1, elsewhere), lease(4, 1, over)]);
    });

    it("a client whose lease has expired is given one new one only, where nobody was", async () => {
      await give(one, [1, 3]);
      const away = await begin(one, 1, 3);
      away.put(lease(3, 1, { state: LeaseState.reclaimed }));
      expect(await away.commit()).toEqual(DURABLE);
      const [first, second] = [await begin(one, 1, 5), await begin(two, 1, 6)];
      first.put(lease(5, 1));
      second.put(lease(6, 1));
      expect(await race(first, second)).toEqual([DURABLE, taken(0)]);
    });

    it("a client whose lease is over is given it again or another one, not both", async () => {
      await give(one, [1, 3, { cltt: now - 4000 }]);
      const [first, second] = [await begin(one, 1, 3), await begin(two, 1, 6)];
      first.put(lease(3, 1));
      second.put(lease(6, 1));
      expect(await race(first, second)).toEqual([DURABLE, taken(0)]);
      expect(await heldBy(1)).toEqual([lease(3, 1)]);
    });

    it("what is told because of a change under way falls with it, and nothing else", async () => {
      await give(one, [1, 5]);
      const [first, renewal] = [await begin(two, 1, 5), await begin(one, 1, 5)];
      first.put(lease(5, 1, { cltt: now + 1 }));
      renewal.put(lease(5, 1, { cltt: now + 2 }));
      expect(await first.commit()).toEqual(DURABLE);
      const late = renewal.commit();
      const cached = one.begin();
      const seen = family.view(cached).get(5)!;
      expect(seen).toEqual(lease(5, 1, { cltt: now + 2 }));
      cached.relyOn(seen);
      expect([await cached.commit(), await late]).toEqual([taken(0), taken(0)]);
    });

    it("all that a batch says about one member falls together, and what it relies on elsewhere does not save it", async () => {
      const [first, second, other] = [await begin(two, 1, 5), await begin(one, 1, 5), await begin(one, 2, 6)];
      other.put(lease(6, 2));
      const done = other.commit();
      first.put(lease(5, 1));
      second.put(lease(5, 1, { cltt: now + 1 }));
      second.put(lease(5, 1, { cltt: now + 2 }));
      second.relyOn(family.view(second).get(5)!);
      second.relyOn(family.view(second).get(6)!);
      expect(await race(first, second)).toEqual([DURABLE, taken(0, 1, 2)]);
      expect(await done).toEqual(DURABLE);
    });

    it("a lease that is changed again while a change is under way is seen once, as it is", async () => {
      const [first, second] = [await begin(one, 1, 5), await begin(one, 1)];
      first.put(lease(5, 1));
      const done = first.commit();
      expect(family.view(second).heldBy(1)[0]).toEqual([lease(5, 1)]);
      second.put(lease(5, 1, { cltt: now + 1 }));
      expect(family.view(second).heldBy(1)[0]).toEqual([lease(5, 1, { cltt: now + 1 })]);
      expect([await done, await second.commit()]).toEqual([DURABLE, DURABLE]);
    });

    it("what a client had at an offer is forgotten once it is looked up", async () => {
      const { offered } = LeaseState;
      (await begin(one, 1, 5)).put(lease(5, 1, { state: offered }));
      await give(two, [1, 3]);
      const batch = one.begin();
      const view = family.view(batch);
      batch.mayRecall = true;
      expect(view.heldBy(1)[0]).toEqual([lease(5, 1, { state: offered })]);
      batch.mayRecall = false;
      view.heldBy(1);
      view.get(5);
      await batch.load();
      expect(view.heldBy(1)[0]).toContainEqual(lease(3, 1));
      view.remove(3);
      batch.put(lease(5, 1));
      expect(await batch.commit()).toEqual(DURABLE);
      expect(await heldBy(1)).toEqual([lease(5, 1)]);
    });

    it("what a client is given in one batch is refused together, and nothing of other clients", async () => {
      const [first, second] = [await begin(one, 1, 5), await begin(two, 1, 6, 7, 8)];
      family.view(second).heldBy(2);
      await second.load();
      first.put(lease(5, 1));
      second.put(lease(6, 1));
      second.put(lease(8, 2));
      second.put(lease(7, 1, elsewhere));
      expect(await race(first, second)).toEqual([DURABLE, taken(0, 2)]);
      expect(await all()).toEqual([lease(5, 1), lease(8, 2)]);
    });

    it("a client that has given up what one server gave it is given nothing by what another had seen before", async () => {
      const late = await begin(two, 1, 6);
      await give(one, [1, 5]);
      const away = await begin(one, 1, 5);
      family.view(away).remove(5);
      expect(await away.commit()).toEqual(DURABLE);
      await give(one, [1, 7]);
      late.put(lease(6, 1));
      expect(await late.commit()).toEqual(taken(0));
      expect(await heldBy(1)).toEqual([lease(7, 1)]);
    });

    it("a client that wanders has a lease in each of two networks, and renews both", async () => {
      await give(one, [1, 5]);
      await give(two, [1, 6, elsewhere]);
      await give(one, [1, 5, { cltt: now + 1 }]);
      await give(two, [1, 6, { ...elsewhere, cltt: now + 2 }]);
      expect(await heldBy(1)).toEqual([lease(6, 1, { ...elsewhere, cltt: now + 2 }), lease(5, 1, { cltt: now + 1 })]);
    });

    it("a client is given its second lease by whichever server, after it has given up the first", async () => {
      for (const [i, store] of [one, two, two, one].entries()) {
        const batch = await begin(store, 1, i, i - 1);
        if (i > 0) family.view(batch).remove(i - 1);
        batch.put(lease(i, 1));
        expect(await batch.commit()).toEqual(DURABLE);
      }
    });

    it("each counts what the other has changed, reclaimed leases left out", async () => {
      const { reclaimed, declined, assigned } = LeaseState;
      await give(
        one,
        [1, 5],
        [2, 6, { state: reclaimed }],
        [3, 7],
        [4, 8, { ...elsewhere, poolId: 2, state: declined }],
      );
      const away = await begin(two, 3, 7);
      family.view(away).remove(7);
      expect(await away.commit()).toEqual(DURABLE);
      const { type } = { type: undefined, ...lease(1, 1) };
      const counted = [
        { subnetId: 7, poolId: 0, state: assigned, type, count: 1 },
        { subnetId: 8, poolId: 2, state: declined, type, count: 1 },
      ];
      for (const store of [one, two]) expect(new Set(await store.countHeld?.())).toEqual(new Set(counted));
    });

    it("an expired lease is reclaimed once", async () => {
      await give(one, [1, 5]);
      const batches = [one.begin(), two.begin()] as const;
      for (const batch of batches) expect(await batch.expired(now + 4000, 10)).toEqual([lease(5, 1)]);
      for (const batch of batches) batch.put(lease(5, 1, { state: LeaseState.reclaimed }));
      expect(await race(...batches)).toEqual([DURABLE, taken(0)]);
    });

    it("an expired lease that is being renewed is not what was found any more", async () => {
      await give(one, [1, 5]);
      const renewal = await begin(one, 1, 5);
      renewal.put(lease(5, 1, { cltt: now + 4000 }));
      const upkeep = one.begin();
      const [found] = await upkeep.expired(now + 4000, 10);
      expect(upkeep.stillHolds(found!)).toBe(true);
      const done = renewal.commit();
      expect(upkeep.stillHolds(found!)).toBe(false);
      expect(await done).toEqual(DURABLE);
    });

    describe("limits", () => {
      const { type = LeaseType6.address } = { type: undefined, ...family.lease(0) };
      const inSubnet = { of: 7, type, most: 2 };
      const ofClass = { of: "one", type, most: 1 };
      const fresh = { subnetId: 7, type, classes: new Set<string>() };
      const classed = { userContext: '{ "ISC": { "client-classes": [ "ALL", "one" ] } }' };

      beforeEach(async () => {
        for (const store of [one, two]) await store.limit([inSubnet, ofClass]);
      });

      const limitReached = async (wanted: NewLease = fresh, ended: readonly L[] = []) => {
        const batch = two.begin();
        batch.limitReached(wanted, ended);
        await batch.load();
        return batch.limitReached(wanted, ended);
      };
      const another = { ...fresh, subnetId: 9, classes: new Set(["one"]) };

      it("count what is in use, by subnets and by classes", async () => {
        await give(one, [1, 1], [2, 2, { ...elsewhere, ...classed }], [3, 3, { state: LeaseState.declined }]);
        expect(await limitReached()).toBeUndefined();
        expect(await limitReached(another)).toBe(ofClass);
        expect(await limitReached(another, [lease(2, 2, { ...elsewhere, ...classed })])).toBeUndefined();
        await give(two, [4, 4]);
        expect(await limitReached()).toBe(inSubnet);
        const batch = await begin(one, 4, 4);
        batch.put(lease(4, 4, { state: LeaseState.reclaimed }));
        batch.limitReached(fresh, []);
        await batch.load();
        expect(batch.limitReached(fresh, [])).toBeUndefined();
        expect(await batch.commit()).toEqual(DURABLE);
        expect(await limitReached()).toBeUndefined();
      });

      it("a store tells how many leases are in use in a subnet, also where nothing limits them", async () => {
        await give(one, [1, 1], [2, 2, elsewhere], [3, 3, { state: LeaseState.declined }]);
        const [batch, pool, counted] = [two.begin(), family.leases(two).openPool(0, 9), { ...inSubnet, most: 9 }];
        expect(family.view(batch).held(pool, counted, now)).toBe(0);
        await batch.load();
        expect(family.view(batch).held(pool, counted, now)).toBe(1);
      });

      it("the last lease is given once, whoever is quicker", async () => {
        await give(one, [1, 1]);
        const batches = [await begin(one, 2, 2), await begin(two, 3, 3)] as const;
        batches[0].put(lease(2, 2));
        batches[1].put(lease(3, 3));
        const results = await Promise.all(batches.map((batch) => batch.commit()));
        expect(new Set(results)).toEqual(new Set([DURABLE, taken(0)]));
        expect(await all()).toHaveLength(2);
      });

      it("what is too much of a batch is left out, and nothing else", async () => {
        const batch = await begin(one, 1, 1, 2, 3, 4, 5);
        for (const client of [2, 3, 4, 5]) family.view(batch).heldBy(client);
        await batch.load();
        batch.put(lease(1, 1, classed));
        batch.put(lease(2, 2, classed));
        batch.put(lease(3, 3));
        batch.put(lease(4, 4));
        batch.put(lease(5, 5, elsewhere));
        expect(await batch.commit()).toEqual(taken(1, 3));
        expect(await all()).toEqual([lease(1, 1, classed), lease(3, 3), lease(5, 5, elsewhere)]);
      });

      it("who renews or moves is not one more, and who would be keeps what it has", async () => {
        await give(one, [1, 1, classed], [2, 2]);
        const renewal = await begin(two, 1, 1);
        renewal.put(lease(1, 1, { cltt: now + 1, ...classed }));
        expect(await renewal.commit()).toEqual(DURABLE);
        const move = await begin(one, 1, 1, 5);
        family.view(move).remove(1);
        move.put(lease(5, 1, { cltt: now + 2, ...classed }));
        expect(await move.commit()).toEqual(DURABLE);
        const change = await begin(two, 2, 2, 6);
        family.view(change).remove(2);
        change.put(lease(6, 2, { cltt: now + 3, ...classed }));
        expect(await change.commit()).toEqual(taken(0, 1));
        expect(await all()).toEqual([lease(2, 2), lease(5, 1, { cltt: now + 2, ...classed })]);
      });

      it("are never exceeded, however many batches of however many servers come at once", async () => {
        const results = await Promise.all(
          Array.from({ length: 12 }, async (_, i) => {
            const batch = await begin(i % 2 === 0 ? one : two, i, i);
            batch.put(lease(i, i, i % 3 === 0 ? classed : {}));
            return batch.commit();
          }),
        );
        const durable = results.filter(({ kind }) => kind === "durable");
        const leases = await all();
        expect(leases).toHaveLength(durable.length);
        expect(leases.length).toBeLessThanOrEqual(2);
        expect(leases.filter(({ userContext }) => userContext !== "").length).toBeLessThanOrEqual(1);
      });
    });
  });
}
