import { describe, expect, it } from "vitest";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import { Sought } from "../model/sought.ts";
import { countWork } from "../testing/count-work.ts";
import { family4, family6Addresses, family6Prefixes, type TestFamily } from "../testing/test-families.ts";

import { MOST_PASSED } from "./lease-table.ts";

const NOW = 1_800_000_000;

function describeTable<L extends Lease, View, Leases>(family: TestFamily<L, View, Leases>): void {
  const { lease } = family;

  function tableOf(...leases: L[]) {
    const table = family.createTable(NOW);
    for (const each of leases) table.put(each);
    return Object.assign(table, { test: { ...family.view(table), ...family.leases(table) } });
  }

  const many = (count: number, change?: Partial<Lease>) => Array.from({ length: count }, (_, n) => lease(n, change));
  const members = (leases: Iterable<L>) => [...leases].map((each) => family.memberOf(each));
  const ascending = (leases: Iterable<L>) => members(leases).sort((a, b) => a - b);

  describe(`a lease of ${family.name}`, () => {
    it.each<[string, L]>([
      ...family.extremes.map((each, n): [string, L] => [`at its bounds (${n})`, each]),
      ["of the common kind", lease(0)],
      [
        "with the highest numbers",
        lease(0, { subnetId: 0xffff_ffff, poolId: 0xffff_ffff, validLifetime: 0xffff_fffe }),
      ],
      ["from before 1970", lease(0, { cltt: -5 })],
      ["with names", lease(0, { hostname: "größe.example.org", fqdnFwd: true, userContext: '{ "comment": "żółw" }' })],
      ["with an update of the reverse zone only", lease(0, { fqdnRev: true })],
      ["with a user context of 300,000 characters", lease(0, { userContext: "x".repeat(300_000) })],
      ["that is declined", lease(0, { state: LeaseState.declined })],
      ["that is reclaimed", lease(0, { state: LeaseState.reclaimed })],
      ["that is on offer", lease(0, { state: LeaseState.offered })],
    ])("%s comes back as it was put", (_, one) => {
      const before = { ...one, hostname: "before", state: LeaseState.assigned };
      expect(tableOf(before, one).current(one)).toEqual(one);
    });

    it("is a copy: neither side sees later changes of the other", () => {
      const one = lease(0);
      const { test } = tableOf(one);
      for (const identifier of family.identifiersOf(one)) identifier[0] = 0xff;
      for (const identifier of family.identifiersOf(test.get(0)!)) identifier[0] = 0xff;
      expect(test.get(0)).toEqual(lease(0));
    });

    it("is found by what its client is called now and not by what it was called before", () => {
      const { test } = tableOf(lease(0), lease(0, {}, 7));
      for (const held of test.heldBy(7)) expect(members(held)).toEqual([0]);
      for (const held of test.heldBy(0)) expect(held).toEqual([]);
    });

    it("is one of all those that its client holds", () => {
      const { test } = tableOf(lease(0), lease(1, {}, 0), lease(2, {}, 0), lease(3));
      for (const held of test.heldBy(0)) expect(members(held)).toEqual([2, 1, 0]);
      test.remove(1);
      for (const held of test.heldBy(0)) expect(members(held)).toEqual([2, 0]);
    });

    it("is one of the last 64 of its client, or is not looked at: nobody waits for a thousand", () => {
      const { test } = tableOf(...Array.from({ length: 1000 }, (_, n) => lease(n, {}, 0)));
      for (const held of test.heldBy(0)) expect(members(held)).toEqual(Array.from({ length: 64 }, (_, n) => 999 - n));
    });

    it("without a client's identifier is nobody's", () => {
      const { test } = tableOf(lease(0, {}, -1));
      expect(test.heldBy(-1).flat()).toEqual([]);
      test.remove(0);
      expect(test.get(0)).toBeUndefined();
    });

    it("leaves its room to others when it is removed or changed", () => {
      const table = tableOf();
      const userContext = "x".repeat(200_000);
      const before = process.memoryUsage().arrayBuffers;
      for (let n = 0; n < 80; n++) {
        table.put(lease(n, { userContext }));
        table.put(lease(n, { userContext: userContext + n }));
        table.test.remove(n);
      }
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    });

    it("that is put back after a change leaves everything as before", () => {
      const before = lease(0, { validLifetime: 100 });
      const table = tableOf(before);
      table.put(lease(0, { state: LeaseState.reclaimed, validLifetime: 0, hostname: "other" }, -1));
      table.put(before);
      expect(table.count).toBe(1);
      for (const held of table.test.heldBy(0)) expect(held).toEqual([before]);
      expect(table.forgettable(NOW + 1000, 0, 10)).toEqual([]);
      expect(members(table.expired(NOW + 99, 10))).toEqual([]);
      expect(members(table.expired(NOW + 100, 10))).toEqual([0]);
    });
  });

  describe(`count, page and walk of ${family.name}`, () => {
    it("leave out what is only on offer", async () => {
      const table = tableOf(lease(2), lease(0), lease(1, { state: LeaseState.offered }));
      expect(table.count).toBe(2);
      expect(members(await table.test.page(-1, 10))).toEqual([0, 2]);
      expect(ascending(table.walk())).toEqual([0, 2]);
      table.put(lease(1));
      table.put(lease(2, { state: LeaseState.offered }));
      expect(table.count).toBe(2);
      expect(members(await table.test.page(-1, 10))).toEqual([0, 1]);
    });

    it("page ascending, behind the place given, whether it has a lease or not", async () => {
      const wanted = [0, 1, 255, 256, 65_535, 65_536, 70_000];
      const { test } = tableOf(...wanted.toReversed().map((n) => lease(n)));
      const paged: number[] = [];
      for (let page = await test.page(-1, 2); page.length > 0; page = await test.page(paged.at(-1)!, 2)) {
        paged.push(...members(page));
      }
      expect(paged).toEqual(wanted);
      expect(members(await test.page(100, 1))).toEqual([255]);
    });

    it("page passes over what is not sought, and gives others after a while, so that nobody waits", async () => {
      const sought = new Sought("wanted", undefined);
      const { test } = tableOf(
        ...many(3 * MOST_PASSED).map((each, n) => (n % 1500 === 7 ? { ...each, hostname: "Wanted" } : each)),
      );
      const paged: number[] = [];
      let calls = 0;
      for (
        let page = await test.page(-1, 8, sought);
        page.length > 0;
        page = await test.page(paged.at(-1)!, 8, sought)
      ) {
        paged.push(...members(page));
        calls++;
      }
      expect(calls).toBe(3);
      expect(paged).toEqual(expect.arrayContaining([7, 1507]));
      expect(paged.length).toBeLessThanOrEqual(8 * calls);
    });

    it("walk sees every lease once that stays, while others come and go", () => {
      const table = tableOf(...many(100));
      const seen: L[] = [];
      let step = 0;
      for (const one of table.walk()) {
        seen.push(one);
        table.test.remove(99 - step);
        table.put(lease(1000 + step, { hostname: "new" }));
        table.put(lease(49, { cltt: NOW + step }));
        step++;
        if (step > 1000) break;
      }
      expect(ascending(seen).filter((n) => n < 50)).toEqual(Array.from({ length: 50 }, (_, n) => n));
      expect(new Set(members(seen)).size).toBe(seen.length);
    });
  });

  describe(`expired and forgettable of ${family.name}`, () => {
    it("tell the second in which a lease ends", () => {
      const table = tableOf(
        lease(0, { validLifetime: 10 }),
        lease(1, { validLifetime: 0, state: LeaseState.reclaimed }),
      );
      expect(table.expired(NOW + 9, 10)).toEqual([]);
      expect(members(table.expired(NOW + 10, 10))).toEqual([0]);
      expect(table.forgettable(NOW + 59, 60, 10)).toEqual([]);
      expect(members(table.forgettable(NOW + 60, 60, 10))).toEqual([1]);
    });

    it("list assigned, declined and offered leases, the oldest first and no more than asked for", () => {
      const states = [LeaseState.offered, LeaseState.assigned, LeaseState.reclaimed, LeaseState.declined];
      const table = tableOf(...states.map((state, n) => lease(n, { state, validLifetime: 40 - 10 * n })));
      expect(members(table.expired(NOW + 100, 10))).toEqual([3, 1, 0]);
      expect(members(table.expired(NOW + 100, 2))).toEqual([3, 1]);
    });

    it("list, oldest first, what was over before it was put, as in a file that is loaded", () => {
      const table = tableOf(...[300, 100, 200].map((ago, n) => lease(n, { validLifetime: 1, cltt: NOW - ago })));
      table.put(lease(3, { cltt: 0, validLifetime: 1 }));
      expect(members(table.expired(NOW, 10))).toEqual([3, 0, 2, 1]);
    });

    it("never list a lease without end, unless it is reclaimed: that one counts from the last transmission", () => {
      const table = tableOf(
        lease(0, { validLifetime: INFINITE_LIFETIME }),
        lease(1, { validLifetime: INFINITE_LIFETIME, state: LeaseState.reclaimed }),
      );
      expect(table.expired(NOW * 4, 10)).toEqual([]);
      expect(table.forgettable(NOW + 59, 60, 10)).toEqual([]);
      expect(members(table.forgettable(NOW + 60, 60, 10))).toEqual([1]);
      table.test.remove(1);
      expect(table.forgettable(NOW * 4, 0, 10)).toEqual([]);
    });

    it("no longer list a lease that was renewed, also when its end had been noticed", () => {
      const table = tableOf(lease(0, { validLifetime: 10 }));
      expect(members(table.expired(NOW + 10, 10))).toEqual([0]);
      table.put(lease(0, { cltt: NOW + 10, validLifetime: 10 }));
      expect(table.expired(NOW + 10, 10)).toEqual([]);
      expect(members(table.expired(NOW + 20, 10))).toEqual([0]);
    });

    it("move with the clock when it jumps, so that nothing ends by that", () => {
      const table = tableOf(
        lease(0, { validLifetime: 10 }),
        lease(1, { validLifetime: 0, state: LeaseState.reclaimed }),
      );
      const day = 86_400;
      table.shift(day);
      expect(table.test.get(0)).toEqual(lease(0, { validLifetime: 10, cltt: NOW + day }));
      expect(table.expired(NOW + day + 9, 10)).toEqual([]);
      expect(members(table.expired(NOW + day + 10, 10))).toEqual([0]);
      expect(members(table.forgettable(NOW + day + 60, 60, 10))).toEqual([1]);
      table.put(lease(2, { cltt: NOW + day + 5, validLifetime: 10 }));
      table.shift(-2 * day);
      expect(table.test.get(2)!.cltt).toBe(NOW - day + 5);
      expect(members(table.expired(NOW - day + 14, 10))).toEqual([0]);
      expect(members(table.expired(NOW - day + 15, 10))).toEqual([0, 2]);
    });
  });

  describe(`what is available of ${family.name}`, () => {
    it("is what was never used, then what is reclaimed, then what has expired, then what is on offer, then nothing", () => {
      const { put, test } = withPut(
        lease(0, { state: LeaseState.offered }),
        lease(1, { validLifetime: 10 }),
        lease(2, { state: LeaseState.reclaimed }),
        lease(4, { state: LeaseState.declined }),
        lease(5),
      );
      const pool = test.openPool(0, 5);
      for (const member of [3, 2, 1, 0]) {
        expect(test.available(pool, NOW + 10)).toBe(member);
        put(lease(member, { cltt: NOW + 10 }));
      }
      expect(test.available(pool, NOW + 10)).toBeUndefined();
    });

    it("is also what was declined or offered when its time is over", () => {
      const { put, test } = withPut(
        lease(0, { state: LeaseState.declined, validLifetime: 20 }),
        lease(1, { state: LeaseState.offered, validLifetime: 10 }),
        lease(2, { state: LeaseState.offered }),
      );
      const pool = test.openPool(0, 2);
      test.available(pool, NOW, 2.5 / 3);
      expect(test.available(pool, NOW + 10, 2.5 / 3)).toBe(1);
      test.remove(1);
      put(lease(1));
      expect(test.available(pool, NOW + 20, 2.5 / 3)).toBe(0);
    });

    it("is the next behind what was given last, so that an address rests before it is used again", () => {
      const { test } = tableOf();
      const pool = test.openPool(0, 2);
      for (const member of [0, 1, 2, 0]) {
        expect([1, 2].map(() => test.available(pool, NOW))).toEqual([member, member]);
        test.leaveBehind(pool, member);
      }
      expect(test.available(pool, NOW, 0.7)).toBe(2);
    });

    it("is nothing that is excluded, whatever its lease is like", () => {
      const { test } = tableOf(lease(1, { state: LeaseState.reclaimed }), lease(2, { validLifetime: 0 }), lease(3));
      expect(test.available(test.openPool(0, 4, [0, 1, 2, 3, 4]), NOW)).toBeUndefined();
      expect(test.available(test.openPool(0, 4, [0, 1, 3]), NOW, 0.9)).toBe(4);
    });

    it("is not what ended only as long as the clock was wrong", () => {
      const table = tableOf(lease(0), lease(1, { validLifetime: 100_000 }));
      const pool = table.test.openPool(0, 1);
      expect(table.expired(NOW + 4000, 10)).toHaveLength(1);
      expect(table.test.available(pool, NOW)).toBeUndefined();
      expect(table.expired(NOW, 10)).toEqual([]);
      expect(table.test.available(pool, NOW + 3600)).toBe(0);
    });

    it("takes account, in a pool opened late, of what was leased before, and in an old one of what was leased since", () => {
      const { put, test } = withPut(lease(0));
      const old = test.openPool(0, 2);
      put(lease(1));
      const late = test.openPool(1, 2);
      put(lease(2));
      expect([test.available(old, NOW), test.available(late, NOW)]).toEqual([undefined, undefined]);
      test.remove(1);
      expect([test.available(old, NOW), test.available(late, NOW)]).toEqual([1, 1]);
    });

    it("of thousands of leases that ended in one moment is a few at a time, and in the end all", () => {
      const size = 5000;
      const { put, test } = withPut(...many(size, { validLifetime: 1 }));
      const pool = test.openPool(0, size - 1);
      const given = new Set<number>();
      for (let n = 0; n < size; n++) {
        const member = test.available(pool, NOW + 1)!;
        given.add(member);
        put(lease(member));
      }
      expect(given.size).toBe(size);
      expect(test.available(pool, NOW + 1)).toBeUndefined();
    });

    it("is found at the same cost in an almost full pool and in an empty one", async () => {
      const size = 0x4000;
      const { test } = tableOf(...many(size - 1));
      const full = test.openPool(0, size - 1);
      const empty = test.openPool(size, 2 * size - 1);
      const workOf = (pool: unknown) =>
        countWork("core/src/leases", () => {
          for (let i = 0; i < 20; i++) test.available(pool, NOW, 0);
        });
      expect(test.available(full, NOW, 0)).toBe(size - 1);
      // A search one by one would take thousands of times as much.
      expect(await workOf(full)).toBeLessThan(10 * (await workOf(empty)));
    });
  });

  function withPut(...leases: L[]) {
    const table = tableOf(...leases);
    return { put: (each: L) => table.put(each), test: table.test };
  }
}

describeTable(family4);
describeTable(family6Addresses);
describeTable(family6Prefixes);
