import { describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { CrashDisk, diskError } from "../../storage/testing/crash-disk.ts";
import type { Lease } from "../model/lease.ts";
import { CrashRun, LEASE_FILE } from "../testing/crash-run.ts";
import { family4, family6Prefixes, type TestFamily } from "../testing/test-families.ts";
import type { LeaseFileEvent } from "./lease-file-event.ts";

function describeRewrite<L extends Lease, View, Leases>(family: TestFamily<L, View, Leases>): void {
  type Run = CrashRun<L, View, Leases>;
  const lease = (member: number, hostname = "host") => family.lease(member, { hostname });

  describe(`${family.name}: a rewrite`, () => {
    async function openWithLeases(count: number): Promise<Run> {
      const run = await CrashRun.open(family);
      await run.commit(...Array.from({ length: count }, (_, i) => lease(i)));
      return run;
    }

    const ended = (run: Run) => run.events.filter((event) => event.kind === "compaction-ended").length;

    it("leaves one row a lease and takes commits meanwhile", async () => {
      const run = await openWithLeases(50);
      for (let i = 0; i < 10; i++) await run.commit(lease(7, `name-${i}`));
      let finished = false;
      const rewrite = run.store.compact().then(() => {
        finished = true;
      });
      let meanwhile = 0;
      while (!finished) if (await run.commit(lease(8, `name-${meanwhile}`))) meanwhile++;
      await rewrite;
      expect(meanwhile).toBeGreaterThan(5);
      expect(ended(run)).toBe(1);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.compact();
      expect(Buffer.from(run.disk.image.get(LEASE_FILE)!).toString().split("\n")).toHaveLength(52);
      await run.store.close();
    });

    it("does not hold changes that were taken back while it ran", async () => {
      const run = await openWithLeases(50);
      const rewrite = run.store.compact();
      let failures = 0;
      run.disk.fault = (call, path) =>
        call === "pwrite" && path === LEASE_FILE && failures++ % 2 === 0 ? diskError(call, "ENOSPC") : undefined;
      for (let i = 0; i < 6; i++) {
        const doomed = Array.from({ length: 50 }, (_, each) => (each % 2 === 0 ? each : lease(each, "taken back")));
        expect(await run.commit(...doomed, lease(60 + i))).toBe(false);
        run.clock.advance(60);
        expect(await run.commit(lease(70 + i))).toBe(true);
      }
      await rewrite;
      expect(ended(run)).toBe(1);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.close();
    });

    it("does not hold what nobody had committed when it ended", async () => {
      const run = await openWithLeases(50);
      const open = run.store.begin();
      open.put(lease(60));
      family.view(open).remove(1);
      await run.store.compact();
      // This takes back what is open.
      expect(await run.commit(lease(61))).toBe(true);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.close();
    });

    it("gives way to a new file after a failed sync", async () => {
      const run = await openWithLeases(50);
      const rewrite = run.store.compact();
      // By then the rewrite is on its way through the leases.
      await run.commit(lease(60));
      let failures = 0;
      run.disk.fault = (call, path) =>
        call === "fdatasync" && path === LEASE_FILE && failures++ === 0 ? diskError(call, "EIO") : undefined;
      expect(await run.commit(lease(1, "lost"))).toBe(false);
      run.clock.advance(60);
      expect(await run.commit(lease(2, "kept"))).toBe(true);
      await rewrite;
      expect(run.events.filter((event) => event.kind === "compaction-failed")).toHaveLength(1);
      expect(await run.commit(lease(3, "kept"))).toBe(true);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.close();
    });

    it("begins by itself when the file has grown to more than twice its size and 8 MB", async () => {
      const disk = new CrashDisk();
      const events: LeaseFileEvent[] = [];
      const store = await family.openFile({
        path: LEASE_FILE,
        clock: new ManualClock(),
        lfcInterval: 3600,
        disk,
        report: (event) => events.push(event),
      });
      const name = "x".repeat(500_000);
      for (let i = 0; i < 20; i++) {
        const batch = store.begin();
        batch.put(lease(1, name));
        await batch.commit();
      }
      await store.close();
      expect(events.filter((event) => event.kind === "compaction-began")).toHaveLength(1);
    });
  });

  describe(`${family.name}: moved times`, () => {
    it("are those of every row that is written from then on, also beside a rewrite", async () => {
      const run = await CrashRun.open(family);
      await run.commit(...Array.from({ length: 50 }, (_, i) => lease(i)));
      const rewrite = run.store.compact();
      await run.commit(lease(1, "beside"));
      const pending = run.commit(lease(2, "under way"));
      run.store.shift(500);
      await pending;
      await rewrite;
      await run.store.close();
      const found = [...(await run.reload()).values()];
      expect(found).toHaveLength(50);
      expect(new Set(found.map((each) => each.cltt))).toEqual(new Set([1_800_000_500]));
    });

    it("are durable when the daemon ends the moment after", async () => {
      const run = await CrashRun.open(family);
      await run.commit(...Array.from({ length: 50 }, (_, i) => lease(i)));
      run.store.shift(500);
      // By then the rewrite is under way.
      for (const last of [60, 61]) await run.commit(family.lease(last, { cltt: 1_800_000_500 }));
      await run.store.close();
      expect(new Set([...(await run.reload()).values()].map((each) => each.cltt))).toEqual(new Set([1_800_000_500]));
    });

    it("are durable also when they moved twice, the second time beside the rewrite", async () => {
      const run = await CrashRun.open(family);
      await run.commit(...Array.from({ length: 50 }, (_, i) => lease(i)));
      run.store.shift(500);
      for (const last of [60, 61]) await run.commit(family.lease(last, { cltt: 1_800_000_500 }));
      run.store.shift(500);
      await run.store.close();
      expect(new Set([...(await run.reload()).values()].map((each) => each.cltt))).toEqual(new Set([1_800_001_000]));
    });

    it("are moved back and forth with a change that is taken back", async () => {
      const run = await CrashRun.open(family);
      await run.commit(lease(1), lease(2));
      run.disk.fault = (call) => (call === "pwrite" ? diskError(call, "ENOSPC") : undefined);
      const doomed = run.commit(lease(1, "taken back"));
      run.store.begin().put(lease(2, "taken back"));
      run.store.shift(500);
      expect(await doomed).toBe(false);
      expect([...(await run.held()).values()]).toEqual([1, 2].map((last) => ({ ...lease(last), cltt: 1_800_000_500 })));
      run.disk.fault = () => undefined;
      await run.store.close();
    });
  });
}

describeRewrite(family4);
describeRewrite(family6Prefixes);
