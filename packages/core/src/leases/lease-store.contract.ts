/** What every lease back-end must do, whatever it keeps the leases in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseIpv4 } from "../ip/ipv4.ts";
import type { LeaseStore } from "./lease-store.ts";
import { INFINITE_LIFETIME, type Lease4, LeaseState } from "./lease4.ts";

export interface LeaseStoreHarness {
  /** The time that the store takes for the present when it is opened. */
  readonly now: number;
  /** Opens the store: empty the first time, with the durable leases when it was closed before. */
  open(): Promise<LeaseStore>;
  /** Removes what the test has left. */
  dispose(): Promise<void>;
}

function address(text: string): number {
  return parseIpv4(text)!;
}

export function describeLeaseStore(name: string, createHarness: () => Promise<LeaseStoreHarness>): void {
  describe(`${name} as a lease store`, () => {
    let harness: LeaseStoreHarness;
    let store: LeaseStore;

    beforeEach(async () => {
      harness = await createHarness();
      store = await harness.open();
    });

    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });

    function lease(last: number, change: Partial<Lease4> = {}): Lease4 {
      return {
        address: address(`192.0.2.${last}`),
        hwaddr: Uint8Array.of(2, 0, 0, 0, 0, last),
        clientId: Uint8Array.of(1, 2, 0, 0, 0, 0, last),
        validLifetime: 3600,
        cltt: harness.now,
        subnetId: 7,
        poolId: 0,
        state: LeaseState.assigned,
        fqdnFwd: false,
        fqdnRev: true,
        hostname: `host-${last}.example.org`,
        userContext: '{ "comment": "a, b & c" }',
        ...change,
      };
    }

    async function commit(...leases: Lease4[]): Promise<void> {
      const batch = store.begin();
      for (const each of leases) batch.put(each);
      expect(await batch.commit()).toEqual({ kind: "durable" });
    }

    async function reopen(): Promise<void> {
      await store.close();
      store = await harness.open();
    }

    const all = () => store.page(-1, 1000);

    it("a lease comes back with every field, also after a restart", async () => {
      const leases = [
        lease(1),
        lease(2, { clientId: undefined, hostname: "", userContext: "", fqdnFwd: true, fqdnRev: false, poolId: 3 }),
        lease(3, { hwaddr: new Uint8Array(0), validLifetime: INFINITE_LIFETIME }),
        lease(4, { hwaddr: new Uint8Array(0), clientId: undefined, state: LeaseState.declined }),
        lease(5, { state: LeaseState.reclaimed, subnetId: 4_294_967_294 }),
      ];
      await commit(...leases);
      expect(all()).toEqual(leases);
      await reopen();
      expect(all()).toEqual(leases);
    });

    it("a change shows at once, in its own batch and in the next, before it is durable", async () => {
      const first = store.begin();
      first.put(lease(1));
      expect(first.byAddress(lease(1).address)).toEqual(lease(1));
      const durable = first.commit();
      expect(store.begin().byAddress(lease(1).address)).toEqual(lease(1));
      await durable;
    });

    it("results come in the order of the commits", async () => {
      const order: number[] = [];
      const commits = [1, 2, 3, 4].map(async (last) => {
        const batch = store.begin();
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
      expect(all()).toEqual([lease(1, { cltt: harness.now + 2, hostname: "other" })]);
    });

    it("a removed lease is gone, also after a restart", async () => {
      await commit(lease(1), lease(2));
      const batch = store.begin();
      batch.remove(lease(1).address);
      batch.remove(lease(9).address);
      expect(await batch.commit()).toEqual({ kind: "durable" });
      expect(store.begin().byHwaddr(lease(1).hwaddr)).toEqual([]);
      await reopen();
      expect(all()).toEqual([lease(2)]);
    });

    it("a lease on offer is kept in memory only, and is not counted", async () => {
      await commit(lease(1, { state: LeaseState.offered }));
      expect(store.begin().byAddress(lease(1).address)?.state).toBe(LeaseState.offered);
      expect(store.count).toBe(0);
      await reopen();
      expect(store.begin().byAddress(lease(1).address)).toBeUndefined();
    });

    it("a lease on offer is still there when the batches after it have come and gone", async () => {
      const offer = lease(1, { state: LeaseState.offered });
      await commit(offer);
      await commit(lease(2));
      await commit(lease(3, { state: LeaseState.offered }));
      expect(store.begin().byAddress(offer.address)).toEqual(offer);
      await commit(lease(1));
      expect(all()).toEqual([lease(1), lease(2)]);
    });

    it("a batch without changes is durable at once", async () => {
      expect(await store.begin().commit()).toEqual({ kind: "durable" });
    });

    it("clients are found by each of their names, in every subnet", async () => {
      const { hwaddr } = lease(1);
      await commit(lease(1), lease(2, { hwaddr, subnetId: 8 }));
      const view = store.begin();
      expect(new Set(view.byHwaddr(hwaddr).map((each) => each.subnetId))).toEqual(new Set([7, 8]));
      expect(view.byClientId(lease(2).clientId!)).toEqual([lease(2, { hwaddr, subnetId: 8 })]);
      await commit(lease(1, { hwaddr: Uint8Array.of(9) }));
      expect(view.byHwaddr(hwaddr).map((each) => each.subnetId)).toEqual([8]);
    });

    it("bytes that the caller changes after the put do not reach the lease", async () => {
      const hwaddr = lease(1).hwaddr.slice();
      const batch = store.begin();
      batch.put(lease(1, { hwaddr }));
      hwaddr.fill(0xff);
      await batch.commit();
      await reopen();
      expect(all()).toEqual([lease(1)]);
    });

    it("an address that was given in a batch still under way is not given again", async () => {
      const pool = store.openPool({ first: lease(1).address, last: lease(2).address, excluded: [] });
      const first = store.begin();
      const given = first.available(pool, harness.now)!;
      first.put(lease(given & 255));
      const durable = first.commit();
      const second = store.begin();
      const other = second.available(pool, harness.now)!;
      expect(new Set([given, other])).toEqual(new Set([lease(1).address, lease(2).address]));
      second.put(lease(other & 255));
      expect(store.begin().available(pool, harness.now)).toBeUndefined();
      await Promise.all([durable, second.commit()]);
    });

    it("leases whose time is over are found oldest first, leases without end never", async () => {
      await commit(
        lease(1, { validLifetime: 20 }),
        lease(2, { validLifetime: 10, state: LeaseState.declined }),
        lease(3, { validLifetime: INFINITE_LIFETIME }),
        lease(4, { validLifetime: 10, state: LeaseState.reclaimed }),
        lease(5, { validLifetime: 30 }),
      );
      const last = (leases: readonly Lease4[]) => leases.map((each) => each.address & 255);
      expect(last(store.expired(harness.now + 19, 10))).toEqual([2]);
      expect(last(store.expired(harness.now + 40, 2))).toEqual([2, 1]);
      expect(last(store.forgettable(harness.now + 69, 60, 10))).toEqual([]);
      expect(last(store.forgettable(harness.now + 70, 60, 10))).toEqual([4]);
    });

    it("pages go on where the one before ended", async () => {
      await commit(...[5, 3, 1, 4, 2].map((last) => lease(last)));
      const first = store.page(-1, 2);
      const second = store.page(first.at(-1)!.address, 10);
      expect([...first, ...second]).toEqual([1, 2, 3, 4, 5].map((last) => lease(last)));
      expect(store.count).toBe(5);
    });

    it("all times move together, also those of leases under way, and are durable in the end", async () => {
      await commit(lease(1));
      const batch = store.begin();
      batch.put(lease(2));
      const durable = batch.commit();
      store.shift(1000);
      const moved = [1, 2].map((last) => lease(last, { cltt: harness.now + 1000 }));
      expect(all()).toEqual(moved);
      await durable;
      await reopen();
      expect(all()).toEqual(moved);
    });

    it("a lease of nobody is refused (CVE-2019-6474)", async () => {
      const nobody = lease(1, { hwaddr: new Uint8Array(0), clientId: undefined });
      expect(() => store.begin().put(nobody)).toThrow(RangeError);
      expect(store.count).toBe(0);
    });
  });
}
