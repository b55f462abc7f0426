import { diskError } from "@kotare/core/storage/testing/crash-disk";
import { describe, expect, test, vi } from "vitest";
import { add, remove } from "../testing/requests.ts";
import { QUEUE, TestUpdater } from "../testing/test-updater.ts";

describe("a request is confirmed", () => {
  test("once it is on disk, and not before", async () => {
    const it = await TestUpdater.start();
    const accepted = it.accept(add("h", "10.0.0.1"));
    expect(it.confirmed).toEqual([]);
    await accepted;
    expect(it.confirmed).toEqual([add("h", "10.0.0.1")]);
  });

  test("never when the disk is full; it is taken when there is room and it comes again", async () => {
    const it = await TestUpdater.start();
    it.disk.fault = (call) => (call === "pwrite" ? diskError(call, "ENOSPC") : undefined);
    await it.accept(add("h", "10.0.0.1"));
    await it.settle();
    expect([it.confirmed, it.dns.records, it.queue.size]).toEqual([[], [], 0]);
    it.disk.fault = () => undefined;
    it.clock.advance(60);
    await it.accept(add("h", "10.0.0.1"));
    await it.settle();
    expect(it.confirmed).toHaveLength(1);
    expect(it.dns.records).toContain("h.e. A 10.0.0.1");
  });

  test("not when too many wait already", async () => {
    let works = false;
    const it = await TestUpdater.start({ limit: 2, fate: () => (works ? "arrives" : "lost") });
    const requests = [1, 2, 3].map((i) => add(`h${i}`, `10.0.0.${i}`, i));
    await it.accept(...requests);
    expect(it.confirmed).toEqual(requests.slice(0, 2));
    expect(it.statistics.find("queue-mgr-queue-full")?.value).toBe(1);
    works = true;
    await it.settle();
    await it.accept(requests[2]!);
    await it.settle();
    expect(it.confirmed).toEqual(requests);
    expect(it.log.ids).toContain("DHCP_DDNS_QUEUE_MGR_RESUMING");
  });
});

test("names of the greatest length count for more than one, and the file is not rewritten because of them", async () => {
  const it = await TestUpdater.start({ limit: 3000, fate: () => "lost" });
  const long = `${"\\\\".repeat(62)}.`.repeat(3);
  const renames = vi.spyOn(it.disk, "rename");
  for (let i = 0; i < 4000; i += 50) {
    await it.accept(
      ...Array.from({ length: 50 }, (_, k) => add(`h${i + k}.${long}`, `10.0.${(i + k) >> 8}.${(i + k) & 255}`)),
    );
  }
  const bytes = it.disk.image.get(QUEUE)!.length;
  expect(bytes).toBeLessThanOrEqual(3000 * 512 * 1.5);
  expect(it.queue.size).toBe(it.confirmed.length);
  expect(it.queue.size).toBeGreaterThan(1000);
  expect(it.queue.size).toBeLessThan(2500);
  expect(renames).not.toHaveBeenCalled();
});

test("what waits gives way to what makes it superfluous: the queue is no longer than the leases are many", async () => {
  let works = false;
  const it = await TestUpdater.start({ fate: () => (works ? "arrives" : "lost") });
  await it.accept(add("other", "10.0.0.9", 9));
  for (let i = 0; i < 20; i++) {
    await it.accept(add("h", "10.0.0.1"));
    await it.pass();
    await it.accept(remove("h", "10.0.0.1"));
    await it.pass();
  }
  expect(it.queue.size).toBeLessThanOrEqual(3);
  works = true;
  await it.settle();
  expect(it.dns.records.filter((record) => record.startsWith("h."))).toEqual([]);
});
