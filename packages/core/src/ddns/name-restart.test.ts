import { describe, expect, it, vi } from "vitest";
import { inNameWorld, lease, RELEASED, Stage, world } from "./testing/name-stage.ts";

inNameWorld();

describe("a restart", () => {
  it("finds what is owed: adds, removals and changes of names, and tells nothing else", async () => {
    const first = await Stage.open();
    await first.commit(lease(1, "old"), lease(2, "gone"), lease(3, "same"), lease(4, "first"));
    await first.pass();
    // A minute is told again, because a mark is older than what is decided at its time.
    world.clock.advance(3600);
    vi.advanceTimersByTime(20_000);
    first.isUp = false;
    await first.commit(lease(2, "", RELEASED), lease(4, "second"), lease(5, "new"));
    await first.pass();
    await first.crash();
    const second = await Stage.open();
    for (const [name, address] of first.zone) second.zone.set(name, address);
    await second.pass(10);
    expect(second.told.toSorted()).toEqual(
      ["-gone. 10.0.0.2", "-first. 10.0.0.4", "+second. 10.0.0.4", "+new. 10.0.0.5"].toSorted(),
    );
    expect(second.told.indexOf("-first. 10.0.0.4")).toBeLessThan(second.told.indexOf("+second. 10.0.0.4"));
    await second.close();
  });

  it("tells of a lease that was decided before the last mark and became durable after it", async () => {
    const first = await Stage.open();
    await first.commit(lease(1, "one"));
    await first.pass(1);
    const decided = Math.floor(world.clock.wall());
    world.clock.advance(40);
    vi.advanceTimersByTime(20_000);
    first.isUp = false;
    await first.commit(lease(2, "late", { cltt: decided }));
    await first.crash();
    const second = await Stage.open();
    await second.pass(10);
    expect(second.told).toContain("+late. 10.0.0.2");
    await second.close();
  });

  it("finds names though the clock jumps forward, and the leases with it, while it looks for them", async () => {
    const first = await Stage.open();
    first.isUp = false;
    await first.commit(lease(1, "one"));
    await first.crash();
    const second = await Stage.open();
    world.clock.jump(3600);
    second.store.shift(3600);
    await second.pass(10);
    expect(second.told).toEqual(["+one. 10.0.0.1"]);
    await second.close();
  });

  it("after an orderly end with nothing owed tells nothing", async () => {
    const first = await Stage.open();
    await first.commit(lease(1, "one"));
    await first.pass(5);
    await first.close();
    const second = await Stage.open();
    await second.pass(5);
    expect(second.told).toEqual([]);
    await second.close();
  });
});
