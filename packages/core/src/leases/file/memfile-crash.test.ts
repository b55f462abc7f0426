import { describe, expect, it, test, vi } from "vitest";
import { isBrief, runs } from "../../base/testing/runs.ts";
import { RowWriter } from "../../storage/row-writer.ts";
import { CrashDisk, createRandom, type DiskCall, type DiskImage, diskError } from "../../storage/testing/crash-disk.ts";
import type { Lease } from "../model/lease.ts";
import { CrashRun, LEASE_FILE } from "../testing/crash-run.ts";
import { family4, family6Prefixes, type TestFamily } from "../testing/test-families.ts";

/** A crash comes at each step, or at each third. */
const STRIDE = isBrief ? 3 : 1;

const ERRORS = ["ENOSPC", "EIO", "EROFS"] as const;

// Thousands of crashes and restarts.
vi.setConfig({ testTimeout: 120_000 });

function describeCrashes<L extends Lease, View, Leases>(family: TestFamily<L, View, Leases>): void {
  type Run = CrashRun<L, View, Leases>;
  const { csv } = family;
  const HEADER = Buffer.from(csv.header).toString();

  const lease = (member: number, hostname = "host") => family.lease(member, { hostname });

  function row(member: number, hostname: string, lifetime = 3600): string {
    const out = new RowWriter(1);
    if (lifetime === 0) csv.writeRemoval(lease(member, hostname), out);
    else csv.write(lease(member, hostname), out);
    return Buffer.from(out.bytes.subarray(0, out.length)).toString("latin1");
  }

  function files(texts: Record<string, string>): DiskImage {
    return new Map(Object.entries(texts).map(([suffix, text]) => [LEASE_FILE + suffix, Buffer.from(text)]));
  }

  /** The lines as the oldest schema has them. */
  function old(text: string): string {
    return text.replace(/.+/g, (line) => line.split(",").slice(0, family.oldestColumns).join(","));
  }

  /** A morning of an office: leases come, are renewed, change hands and go, several batches under way at a time. */
  async function serve(run: Run, from: number): Promise<void> {
    await run.commit(lease(from), lease(from + 1), lease(from + 1, "twice"));
    await Promise.all([
      run.commit(lease(from + 2)),
      run.commit(lease(from, "renewed"), from + 1),
      run.commit(lease(from, "again"), lease(from + 3)),
    ]);
    await run.commit(from + 3, lease(from + 1, "other"));
  }

  const manyRows = Array.from({ length: 50 }, (_, i) => row(i + 100, "early")).join("");

  async function serveBesideRewrite(run: Run): Promise<void> {
    const rewrite = run.store.compact();
    for (let i = 0; i < 6; i++) {
      // Low slots, which the rewrite has passed, high ones, which it has yet to come to, and new ones.
      await Promise.all([
        run.commit(lease(100 + i, "renewed"), 110 + i),
        run.commit(lease(149 - i, "renewed"), 130 - i),
        run.commit(lease(100 + i, "again"), 149 - i, lease(i + 1)),
      ]);
    }
    await rewrite;
    await serve(run, 20);
  }

  interface Life {
    readonly image?: DiskImage;
    live(run: Run): Promise<void>;
  }

  async function serveAroundRewrite(run: Run): Promise<void> {
    await serve(run, 1);
    const rewrite = run.store.compact();
    await serve(run, 1);
    await serve(run, 10);
    await rewrite;
    await serve(run, 1);
  }

  const unfinishedCleanUp: Life = {
    image: files({
      ".2": HEADER + row(60, "second") + row(61, "removed in the first") + row(50, "older"),
      ".1": HEADER + row(61, "", 0) + row(62, "first") + row(50, "newer"),
      "": HEADER + row(62, "live") + row(50, "newest"),
    }),
    live: serveAroundRewrite,
  };
  const longRewrite: Life = { image: files({ "": HEADER + manyRows }), live: serveBesideRewrite };

  const LIVES: Record<string, Life> = {
    "ordinary appends to a new file": {
      async live(run) {
        await serve(run, 1);
        await serve(run, 1);
      },
    },
    "a rewrite beside service": {
      image: files({
        "": HEADER + row(1, "old") + row(2, "old") + row(3, "gone") + row(3, "gone", 0) + row(50, "stays"),
      }),
      live: serveAroundRewrite,
    },
    "a rewrite in many steps beside service": longRewrite,
    "Kea's unfinished clean-up, taken over": unfinishedCleanUp,
    "Kea's finished output, taken over": {
      image: files({
        ".completed": HEADER + row(60, "completed") + row(50, "older"),
        ".2": HEADER + row(63, "removed in the first"),
        ".1": HEADER + row(63, "", 0),
        "": HEADER + row(60, "", 0) + row(50, "newest"),
      }),
      live: serveAroundRewrite,
    },
    "a file of an older schema, converted": {
      image: files({
        "": old(HEADER + row(50, "old")),
      }),
      live: serveAroundRewrite,
    },
  };

  describe(`${family.name}: after a crash every acknowledged lease is there, as it was acknowledged or later`, () => {
    test.each(Object.entries(LIVES))("%s: any prefix, the rest lost, torn or reordered", async (_, { image, live }) => {
      const run = await CrashRun.open(family, new CrashDisk(image));
      await live(run);
      const { length } = run.disk;
      expect(length).toBeGreaterThan(run.opened + 10);
      for (let steps = run.opened; steps <= length; steps += STRIDE) {
        const random = createRandom(steps);
        for (const choose of [() => 0, () => 0.5, ...Array<() => number>(runs(1)).fill(random)]) {
          expect(await run.findLoss(steps, choose)).toBeUndefined();
        }
      }
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.close();
    });

    it("a last write torn at any byte", async () => {
      const run = await CrashRun.open(family);
      await run.commit(lease(1), lease(2));
      const before = run.disk.image.get(LEASE_FILE)!.length;
      await run.commit(lease(1, "a-longer-name"), lease(3), 2);
      const whole = run.disk.image.get(LEASE_FILE)!;
      for (let length = before; length < whole.length; length++) {
        const found = await run.reload(new Map([[LEASE_FILE, whole.subarray(0, length)]]));
        expect([lease(1), lease(1, "a-longer-name")]).toContainEqual(found.get(1));
        expect(found.get(2)).toEqual(lease(2));
        expect([undefined, lease(3)]).toContainEqual(found.get(3));
      }
      await run.store.close();
    });

    it("a crash while the very first file is made leaves one that can be opened", async () => {
      const run = await CrashRun.open(family);
      for (let steps = 0; steps <= run.opened; steps++) {
        const random = createRandom(steps);
        for (const choose of [() => 0, () => 0.5, ...Array<() => number>(runs(2)).fill(random)]) {
          expect((await run.reload(run.disk.imageAfterCrash(steps, choose))).size).toBe(0);
        }
      }
      await run.store.close();
    });

    it("what a killed process wrote and had not synced is durable once it has been loaded", async () => {
      const first = await CrashRun.open(family);
      const unsynced = first.commit(lease(1));
      while (!Buffer.from(first.disk.image.get(LEASE_FILE)!).includes(row(1, "host"))) await Promise.resolve();
      const second = await CrashRun.open(family, first.disk.afterKill());
      expect(second.acknowledged()).toEqual(new Map([[1, lease(1)]]));
      expect(await second.findLoss(second.opened, () => 0)).toBeUndefined();
      await second.store.close();
      await unsynced;
      await first.store.close();
    });
  });

  describe(`${family.name}: a disk that fails`, () => {
    /** Lets a life be lived with faults, then checks what is left of it. */
    async function survive(life: Life, fault: CrashDisk["fault"], seed: number): Promise<void> {
      const run = await CrashRun.open(family, new CrashDisk(life.image));
      run.disk.fault = fault;
      await life.live(run);
      run.disk.fault = () => undefined;
      // The pause is over: the next commit tries again.
      run.clock.advance(60);
      expect(await run.commit(lease(90))).toBe(true);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.compact();
      const random = createRandom(seed);
      for (let i = 0; i < 8; i++) {
        const steps = run.opened + Math.floor(random() * (run.disk.length - run.opened + 1));
        expect(await run.findLoss(steps, random)).toBeUndefined();
      }
      // What is in memory is what is on disk, also after changes were taken back.
      expect(await run.reload()).toEqual(run.acknowledged());
      expect(await run.held()).toEqual(run.acknowledged());
      await run.store.close();
    }

    async function countCalls(life: Life): Promise<number> {
      const run = await CrashRun.open(family, new CrashDisk(life.image));
      let calls = 0;
      run.disk.fault = () => {
        calls++;
        return undefined;
      };
      await life.live(run);
      await run.store.close();
      return calls;
    }

    describe.each([
      ["Kea's files taken over", unfinishedCleanUp],
      ["a long rewrite", longRewrite],
    ])("%s", (_, life) => {
      it("an error once, at each call in turn: nothing is lost, and service comes back", async () => {
        const calls = await countCalls(life);
        expect(calls).toBeGreaterThan(25);
        const isFirst = family.name === family4.name;
        // Unless there is more time the families take turns.
        for (let failing = isBrief && !isFirst ? 1 : 0; failing < calls; failing += isBrief ? 2 : 1) {
          for (let i = 0; i < Math.min(runs(1), ERRORS.length); i++) {
            const code = ERRORS[(failing + i + (isFirst ? 0 : 1)) % ERRORS.length]!;
            let call = 0;
            await survive(life, (kind) => (call++ === failing ? diskError(kind, code) : undefined), failing);
          }
        }
      });

      it("errors now and then: nothing is lost, and service comes back", async () => {
        for (let seed = 0; seed < runs(20); seed++) {
          const random = createRandom(seed);
          const codes = ["ENOSPC", "EIO"];
          const fault = (call: DiskCall) => (random() < 0.12 ? diskError(call, codes[seed & 1]!) : undefined);
          await survive({ ...life, live: (run) => liveImpatiently(run, life) }, fault, seed);
        }
      });
    });

    /** Pauses end between commits, so that each one tries the disk again. */
    async function liveImpatiently(run: Run, life: Life): Promise<void> {
      const pauses = setInterval(() => run.clock.advance(20), 0);
      await life.live(run);
      await life.live(run);
      clearInterval(pauses);
    }
  });
}

describeCrashes(family4);
describeCrashes(family6Prefixes);
