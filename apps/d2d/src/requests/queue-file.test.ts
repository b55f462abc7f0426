import { appendFile, mkdtemp, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@kotare/core/base/clock";
import { StorageError } from "@kotare/core/storage/storage-error";
import { CrashDisk, createRandom, type DiskImage, diskError } from "@kotare/core/storage/testing/crash-disk";
import { describe, expect, test, vi } from "vitest";
import { add } from "../testing/requests.ts";
import { QUEUE } from "../testing/test-updater.ts";
import { QueueFile } from "./queue-file.ts";
import type { QueueFileEvent } from "./queue-file-event.ts";
import type { StoredRequest } from "./queue-lines.ts";

const request = (id: number): StoredRequest => ({
  id,
  received: 1_800_000_000,
  request: add(`h${id}`, `10.0.0.${id}`, id),
});

async function open(disk: CrashDisk, events: QueueFileEvent[] = []): Promise<QueueFile> {
  return QueueFile.open({ path: QUEUE, clock: new ManualClock(), report: (event) => void events.push(event), disk });
}

const idsOf = (file: QueueFile) => file.stored.map(({ id }) => id);

async function turn(): Promise<void> {
  for (let i = 0; i < 8; i++) await new Promise(setImmediate);
}

describe("a queue's file", () => {
  test("holds what is not done with, in order, over restarts", async () => {
    const disk = new CrashDisk();
    const file = await open(disk);
    await file.append([request(1), request(2), request(3)]);
    file.finish(request(2));
    await file.append([request(4)]);
    await file.close();
    const again = await open(disk);
    expect(again.stored).toEqual([1, 3, 4].map(request));
  });

  test("is another process's, or it is ours", async () => {
    const disk = new CrashDisk();
    await open(disk);
    await expect(open(disk)).rejects.toThrow("/data/queue is in use by another process");
  });

  test("that could not be opened is open at the next try, and nobody else's meanwhile", async () => {
    const disk = new CrashDisk();
    const file = await open(disk);
    await file.append([request(1)]);
    await file.close();
    for (const bad of ["read", "unlink", "pwrite", "fdatasync", "rename", "fsync"] as const) {
      disk.fault = (call) => (call === bad ? diskError(call, "ENOSPC") : undefined);
      await expect(open(disk), bad).rejects.toThrow(`ENOSPC, ${bad}`);
      expect(disk.openCount, bad).toBe(0);
      disk.fault = () => undefined;
    }
    expect(idsOf(await open(disk))).toEqual([1]);
    expect(disk.openCount).toBe(1);
  });

  test("a line that a crash has cut off is none; a bad one is told with its place and kept aside", async () => {
    const disk = new CrashDisk();
    const file = await open(disk);
    await file.append([request(1), request(5)]);
    await file.close();
    const good = Buffer.from(disk.image.get(QUEUE)!).toString();
    const [, late] = /\n(.*)\n/.exec(good.replace("+5 1800000000", "+5 9000000000000000")) ?? [];
    const large = late!.replace("+5 9000000000000000", "+9007199254740991 1800000000");
    const bad = ["+2 x {}", '+3 5 {"fqdn":7}', late!, large];
    const broken = new CrashDisk(new Map([[QUEUE, Buffer.from(`${good}${bad.join("\n")}\n-5\n-9\n+4 1800`)]]));
    const events: QueueFileEvent[] = [];
    const again = await open(broken, events);
    expect(idsOf(again)).toEqual([1]);
    const reasons = [
      "is no line of a queue",
      "change-type at offset 2: is missing",
      "the time 9000000000000000 is later than 221845392000",
      "the number 9007199254740991 is larger than 4503599627370496",
    ];
    expect(events).toEqual(bad.map((line, i) => ({ kind: "bad-line", line: 3 + i, what: `${reasons[i]}: ${line}` })));
    const aside = bad.map((line, i) => `# line ${3 + i}: ${reasons[i]}\n${line}\n`);
    expect(Buffer.from(broken.image.get(`${QUEUE}.bad`)!).toString()).toBe(aside.join(""));
    await again.close();
    events.length = 0;
    expect(idsOf(await open(broken, events))).toEqual([1]);
    expect(events).toEqual([]);
  });

  test("what is set aside does not fill the disk, and not the log", async () => {
    const bad = `${"x".repeat(100_000)}\n`;
    const disk = new CrashDisk(new Map([[QUEUE, Buffer.from(bad.repeat(200))]]));
    const events: QueueFileEvent[] = [];
    await open(disk, events);
    expect(disk.image.get(`${QUEUE}.bad`)!.length).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(events.filter(({ kind }) => kind === "bad-line")).toHaveLength(100);
    expect(events.filter(({ kind }) => kind === "aside-full")).toHaveLength(1);
  });

  test("what is being set aside when it is closed is done with, and what cannot be is, too, and told", async () => {
    const disk = new CrashDisk();
    const events: QueueFileEvent[] = [];
    const file = await open(disk, events);
    await file.append([request(1), request(2), request(3)]);
    file.setAside(request(1), "refused");
    await file.close();
    expect(Buffer.from(disk.image.get(`${QUEUE}.bad`)!).toString()).toMatch(/^# refused\n\+1 1800000000 \{.*\}\n$/);
    const again = await open(disk, events);
    expect(idsOf(again)).toEqual([2, 3]);
    disk.fault = (call, path) => (call === "open" && path.endsWith(".bad") ? diskError(call, "EACCES") : undefined);
    again.setAside(request(2), "refused");
    await again.close();
    expect(events).toEqual([{ kind: "aside-failed", error: expect.objectContaining({ code: "EACCES" }) }]);
    expect(disk.openCount).toBe(0);
    expect(idsOf(await open(disk))).toEqual([3]);
  });

  test("is read however long it and a line in it are", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kotare-queue-"));
    try {
      const path = join(folder, "queue");
      const clock = new ManualClock();
      const first = await QueueFile.open({ path, clock, report: () => {} });
      await first.append([request(1)]);
      await first.close();
      // A hole of 600 MB: more than fits a string.
      await truncate(path, 600_000_000);
      await appendFile(path, "\n-7\n");
      const events: QueueFileEvent[] = [];
      const again = await QueueFile.open({ path, clock, report: (event) => void events.push(event) });
      expect(idsOf(again)).toEqual([1]);
      expect(events).toEqual([{ kind: "bad-line", line: 2, what: expect.stringContaining("is longer than 262144") }]);
      await again.close();
      expect((await stat(path)).size).toBeLessThan(1000);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("is no device, and what is said of it is true of a queue", async () => {
    const opened = QueueFile.open({ path: "/dev/null", clock: new ManualClock(), report: () => {} });
    await expect(opened).rejects.toThrow(new StorageError("/dev/null is no regular file: give another name"));
  });

  test("does not grow with what is done with", async () => {
    const disk = new CrashDisk();
    const file = await open(disk);
    for (let id = 1; id <= 8000; id += 100) {
      const batch = Array.from({ length: 100 }, (_, i) => request(id + i));
      await file.append(batch.map((each) => ({ ...each, request: add(`h${each.id}`, "10.0.0.1") })));
      for (const each of batch) file.finish(each);
      await turn();
    }
    await file.close();
    expect(disk.image.get(QUEUE)!.length).toBeLessThan(1_300_000);
    expect(idsOf(await open(disk))).toEqual([]);
  });

  test("a long one is written anew piece by piece", async () => {
    const disk = new CrashDisk();
    const file = await open(disk);
    const requests = Array.from({ length: 20_001 }, (_, i) => ({ ...request(i + 1), request: add("h", "10.0.0.1") }));
    await file.append(requests);
    await file.close();
    const commits = vi.spyOn(disk, "commitAt");
    const again = await open(disk);
    expect(commits).toHaveBeenCalledTimes(3);
    await again.close();
    const expected = requests.map(({ id }) => id);
    expect(idsOf(await open(disk))).toEqual(expected);
  });

  test.each(["pwrite", "fdatasync"] as const)(
    "a %s that fails is told to who asked, and what was done with before is not forgotten",
    async (bad) => {
      const disk = new CrashDisk();
      const clock = new ManualClock();
      const file = await QueueFile.open({ path: QUEUE, clock, report: () => {}, disk });
      await file.append([request(1), request(2), request(3)]);
      disk.fault = (call) => (call === bad ? diskError(call, "EIO") : undefined);
      file.finish(request(1));
      await turn();
      file.finish(request(2));
      await expect(file.append([request(9)])).rejects.toThrow("EIO");
      disk.fault = () => undefined;
      clock.advance(60);
      await file.append([request(4)]);
      await file.close();
      expect(disk.openCount).toBe(0);
      expect(idsOf(await open(disk))).toEqual([3, 4]);
    },
  );
});

test("after a crash at any step, each request that was on disk is there or was done with, and in its order", async () => {
  const random = createRandom(11);
  const disk = new CrashDisk();
  /** The disk's step from which on a request must be found, and from which on it may be missing. */
  const durable = new Map<number, number>();
  const done = new Map<number, number>();
  let file = await open(disk);
  for (let id = 1; id <= 60; ) {
    const batch = Array.from({ length: 1 + Math.floor(random() * 3) }, () => request(id++));
    await file.append(batch);
    for (const each of batch) durable.set(each.id, disk.length);
    for (const each of file.stored) {
      if (random() >= 0.5) continue;
      done.set(each.id, disk.length);
      file.finish(each);
    }
    if (random() < 0.3) await turn();
    if (random() < 0.15) {
      await file.close();
      file = await open(disk);
    }
  }
  await file.close();
  for (let steps = 0; steps <= disk.length; steps++) {
    for (let variant = 0; variant < 3; variant++) {
      const image: DiskImage = disk.imageAfterCrash(steps, random);
      const found = idsOf(await open(new CrashDisk(image)));
      expect(found).toEqual([...found].sort((a, b) => a - b));
      for (const [each, since] of durable) {
        if (since <= steps && (done.get(each) ?? Infinity) > steps) expect(found, `crash at ${steps}`).toContain(each);
      }
    }
  }
});
