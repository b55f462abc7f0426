import { spawn } from "node:child_process";
import { chmod, chown, copyFile, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { diskError } from "../../storage/testing/crash-disk.ts";
import { type Lease, LeaseState } from "../model/lease.ts";
import { describeLeaseStore } from "../model/lease-store.contract.ts";
import { CrashRun, LEASE_FILE } from "../testing/crash-run.ts";
import { family4, family6Addresses, family6Prefixes, type TestFamily } from "../testing/test-families.ts";

const open = (path: string) => family4.openFile({ path, clock: new ManualClock(), report: () => {} });
const lease4 = (member: number, hostname = "host") => family4.lease(member, { hostname });

function describeFileStore<L extends Lease, View, Leases>(family: TestFamily<L, View, Leases>): void {
  describeLeaseStore("a lease file", family, async () => {
    const folder = await mkdtemp(join(tmpdir(), "leases-"));
    return {
      now: new ManualClock().wall(),
      open: () => family.openFile({ path: join(folder, "leases.csv"), clock: new ManualClock(), report: () => {} }),
      dispose: () => rm(folder, { recursive: true }),
    };
  });
}

describeFileStore(family4);
describeFileStore(family6Addresses);
describeFileStore(family6Prefixes);

describe("a lease file on a real disk", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "leases-"));
    path = join(folder, "kea-leases4.csv");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is readable by owner and group only, rewritten or not (CVE-2025-32803)", async () => {
    const umask = process.umask(0);
    const store = await open(path);
    const mode = async () => (await stat(path)).mode & 0o777;
    expect(await mode()).toBe(0o640);
    await store.compact();
    expect(await mode()).toBe(0o640);
    await store.close();
    process.umask(umask);
  });

  it("is a file: a device is refused in words, and left as it is", async () => {
    await symlink("/dev/null", path);
    await expect(open(path)).rejects.toThrow("/dev/null is no regular file: give another name");
    await expect(stat("/dev/null.lock")).rejects.toThrow("ENOENT");
    expect(await readlink(path)).toBe("/dev/null");
  });

  it.skipIf(process.getuid?.() !== 0)("belongs to whom its folder belongs, also when root has written it", async () => {
    await chown(folder, 1234, 5678);
    const store = await open(path);
    await store.compact();
    await store.close();
    for (const file of [path, `${path}.lock`]) expect(await stat(file)).toMatchObject({ uid: 1234, gid: 5678 });
  });

  it("is refused to a second daemon", async () => {
    const store = await open(path);
    await expect(open(path)).rejects.toThrow(StorageError);
    await store.close();
    await (await open(path)).close();
  });

  it("is refused while Kea's clean-up is at it", async () => {
    // A program of that name, for the kernel's list of processes is asked.
    const program = join(folder, "kea-lfc");
    await copyFile("/bin/sleep", program);
    await chmod(program, 0o755);
    const cleanUp = spawn(program, ["60"]);
    try {
      await new Promise((resolve) => cleanUp.once("spawn", resolve));
      await writeFile(`${path}.pid`, `${cleanUp.pid}\n`);
      await expect(open(path)).rejects.toThrow(/kea-lfc, process \d+ .* wait until it has ended/);
    } finally {
      cleanUp.kill("SIGKILL");
    }
    await new Promise((resolve) => cleanUp.once("exit", resolve));
    await (await open(path)).close();
  });

  it("holds the rows of all batches that were committed together, each once", async () => {
    const store = await open(path);
    const commits = Array.from({ length: 50 }, (_, i) => {
      const batch = store.begin();
      batch.put(lease4(i));
      return batch.commit();
    });
    expect(new Set((await Promise.all(commits)).map((result) => result.kind))).toEqual(new Set(["durable"]));
    await store.close();
    expect((await readFile(path, "latin1")).split("\n")).toHaveLength(52);
  });
});

function describeMemfile<L extends Lease, View, Leases>(family: TestFamily<L, View, Leases>): void {
  const lease = (member: number, hostname = "host") => family.lease(member, { hostname });

  describe(`${family.name}: group commit`, () => {
    it("batches that wait become one write and one sync", async () => {
      const run = await CrashRun.open(family);
      let writes = 0;
      run.disk.fault = (call) => {
        if (call === "pwrite") writes++;
        return undefined;
      };
      const first = run.commit(lease(100));
      while (writes === 0) await Promise.resolve();
      await Promise.all(Array.from({ length: 20 }, (_, i) => run.commit(lease(i))));
      expect(writes).toBe(2);
      await first;
      await run.store.close();
    });

    it("a batch that is committed twice is our bug", async () => {
      const run = await CrashRun.open(family);
      const batch = run.store.begin();
      await batch.commit();
      expect(() => batch.commit()).toThrow("once");
      expect(() => batch.put(lease(1))).toThrow("committed already");
      await run.store.close();
    });

    it("a batch that is not committed when the next one changes something is undone", async () => {
      const run = await CrashRun.open(family);
      await run.commit(lease(1));
      const forgotten = run.store.begin();
      forgotten.put(lease(1, "changed"));
      forgotten.put(lease(2));
      expect(await run.commit(lease(3))).toBe(true);
      expect(await forgotten.commit()).toMatchObject({ kind: "failed" });
      expect(() => forgotten.put(lease(4))).toThrow("another batch began");
      expect(await run.held()).toEqual(run.acknowledged());
      await run.store.close();
    });

    it("closing waits for what is on its way, and undoes what is not", async () => {
      const run = await CrashRun.open(family);
      const committed = run.commit(lease(1));
      const open = run.store.begin();
      open.put(lease(2));
      await run.store.close();
      expect(await committed).toBe(true);
      expect(await open.commit()).toMatchObject({ kind: "failed" });
      expect([...(await run.reload()).keys()]).toEqual([1]);
      expect(() => run.store.begin().put(lease(3))).toThrow("closed");
    });
  });

  describe(`${family.name}: a commit that fails`, () => {
    const failing = (call: string) => call === "pwrite";

    it("is undone with everything decided on top of it, committed or not, in memory and on disk", async () => {
      const run = await CrashRun.open(family);
      await run.commit(lease(1, "first"), lease(2, "first"));
      const before = await run.held();
      run.disk.fault = (call) => (failing(call) ? diskError("pwrite", "ENOSPC") : undefined);
      const commits = [
        run.commit(lease(1, "second"), 2, lease(3)),
        run.commit(lease(1, "third"), lease(2, "third"), 3),
        run.commit(1, lease(3, "fourth")),
      ];
      const open = run.store.begin();
      open.put(lease(1, "fifth"));
      open.put(family.lease(4, { state: LeaseState.offered }));
      expect(await Promise.all(commits)).toEqual([false, false, false]);
      expect(await open.commit()).toMatchObject({ kind: "failed" });
      expect(await run.held()).toEqual(before);
      expect(family.view(run.store.begin()).get(4)).toBeUndefined();
      run.disk.fault = () => undefined;
      run.clock.advance(1);
      expect(await run.commit(lease(5))).toBe(true);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.close();
    });

    it("is told at growing pauses while the disk is full, and service comes back by itself when there is room", async () => {
      const run = await CrashRun.open(family);
      let attempts = 0;
      run.disk.fault = (call) => {
        if (!failing(call)) return undefined;
        attempts++;
        return diskError("pwrite", "ENOSPC");
      };
      for (let tenth = 0; tenth < 600; tenth++) {
        expect(await run.commit(lease(1, `try-${tenth}`))).toBe(false);
        run.clock.advance(0.1);
      }
      const told = run.events.filter((event) => event.kind === "write-failed");
      expect(told.slice(0, 3)).toMatchObject([{ retryAfter: 100 }, { retryAfter: 200 }, { retryAfter: 400 }]);
      expect(told.at(-1)).toMatchObject({ retryAfter: 10_000, error: { code: "ENOSPC" } });
      expect(attempts).toBe(told.length);
      expect(attempts).toBeLessThan(15);
      run.disk.fault = () => undefined;
      run.clock.advance(10);
      expect(await run.commit(lease(1, "at last"))).toBe(true);
      expect(run.events.at(-1)).toEqual({ kind: "write-recovered" });
      expect(run.store.count).toBe(1);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.close();
    });

    it("on a disk that is read-only for a while, costs only the commits of that while", async () => {
      const run = await CrashRun.open(family);
      await run.commit(lease(1));
      run.disk.fault = (call) => (call === "read" ? undefined : diskError(call, "EROFS"));
      expect(await run.commit(lease(2))).toBe(false);
      await run.store.compact();
      expect(run.events.map((event) => event.kind)).toContain("compaction-failed");
      run.disk.fault = () => undefined;
      run.clock.advance(1);
      expect(await run.commit(lease(3))).toBe(true);
      expect(await run.reload()).toEqual(run.acknowledged());
      await run.store.close();
    });

    test.each(["fdatasync", "fsync"] as const)(
      "in its %s: that file is not trusted again, the leases go to a new one",
      async (syscall) => {
        const run = await CrashRun.open(family);
        await run.commit(lease(1), lease(2));
        await run.commit(lease(1, "renewed"));
        // `fsync` is called when the part of a failed write is cut off.
        run.disk.fault = (call) => {
          if (syscall === "fsync" && call === "pwrite") return diskError("pwrite", "EIO");
          return call === syscall ? diskError(syscall, "EIO") : undefined;
        };
        expect(await run.commit(lease(3))).toBe(false);
        run.clock.advance(1);
        expect(await run.commit(lease(3))).toBe(false);
        run.disk.fault = () => undefined;
        run.clock.advance(1);
        expect(await run.commit(lease(4))).toBe(true);
        const text = Buffer.from(run.disk.image.get(LEASE_FILE)!).toString();
        // The new file has one row of a lease that the old one had twice.
        const start = `${family.csv.rules.formatAddress(lease(1))},`;
        expect(text.split("\n").filter((line) => line.startsWith(start))).toHaveLength(1);
        expect(await run.reload()).toEqual(run.acknowledged());
        await run.store.close();
      },
    );

    it("and a new file whose name cannot be made durable: nothing is acknowledged until one is", async () => {
      const run = await CrashRun.open(family);
      await run.commit(lease(1));
      run.disk.fault = (call) => (call === "fdatasync" ? diskError(call, "EIO") : undefined);
      await run.commit(lease(2));
      run.disk.fault = (call, path) => (call === "fsync" && path.endsWith("/") ? diskError(call, "EIO") : undefined);
      run.clock.advance(1);
      expect(await run.commit(lease(3))).toBe(false);
      run.disk.fault = () => undefined;
      run.clock.advance(1);
      expect(await run.commit(lease(4))).toBe(true);
      expect(await run.findLoss(run.disk.length, () => 0)).toBeUndefined();
      await run.store.close();
    });
  });
}

describeMemfile(family4);
describeMemfile(family6Prefixes);
