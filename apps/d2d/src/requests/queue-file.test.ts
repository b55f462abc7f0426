import { ManualClock } from "@kotare/core/base/clock";
import { CrashDisk, createRandom, type DiskImage, diskError } from "@kotare/core/leases/crash-disk";
import { describe, expect, test, vi } from "vitest";
import { add } from "../testing/requests.ts";
import { QUEUE } from "../testing/test-updater.ts";
import { QueueFile, type QueueFileEvent, type StoredRequest } from "./queue-file.ts";

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
    file.finish(2);
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

  test("a line that a crash has cut off is none; a bad one is told with its place", async () => {
    const disk = new CrashDisk();
    const file = await open(disk);
    await file.append([request(1)]);
    await file.close();
    const good = Buffer.from(disk.image.get(QUEUE)!).toString();
    const broken = new CrashDisk(new Map([[QUEUE, Buffer.from(`${good}+2 x {}\n+3 5 {"fqdn":7}\n-9\n+4 1800`)]]));
    const events: QueueFileEvent[] = [];
    expect(idsOf(await open(broken, events))).toEqual([1]);
    expect(events).toEqual([
      { kind: "bad-line", line: 2, what: "is no line of a queue: +2 x {}" },
      { kind: "bad-line", line: 3, what: expect.stringContaining("change-type at offset 2: is missing") },
    ]);
  });

  test("does not grow with what is done with", async () => {
    const disk = new CrashDisk();
    const file = await open(disk);
    for (let id = 1; id <= 8000; id += 100) {
      const batch = Array.from({ length: 100 }, (_, i) => request(id + i));
      await file.append(batch.map((each) => ({ ...each, request: add(`h${each.id}`, "10.0.0.1") })));
      for (const each of batch) file.finish(each.id);
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
      file.finish(1);
      await turn();
      file.finish(2);
      await expect(file.append([request(9)])).rejects.toThrow("EIO");
      disk.fault = () => undefined;
      clock.advance(60);
      await file.append([request(4)]);
      await file.close();
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
      file.finish(each.id);
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
