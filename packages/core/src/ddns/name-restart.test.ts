import { mkdirSync, rmSync } from "node:fs";
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

describe("a reload", () => {
  it("that changes nothing of it loses nothing that is under way", async () => {
    const stage = await Stage.open();
    stage.isUp = false;
    await stage.commit(lease(1, "one"));
    await stage.pass();
    stage.configure({});
    expect(stage.sender.waiting).toBe(1);
    stage.isUp = true;
    await stage.pass(15);
    expect(stage.told).toEqual(["+one. 10.0.0.1"]);
    await stage.close();
  });

  it("that switches updates off forgets what is due; one that switches them on finds it again", async () => {
    const stage = await Stage.open();
    stage.isUp = false;
    await stage.commit(lease(1, "one"));
    await stage.pass();
    stage.isUp = true;
    stage.configure({ "enable-updates": false });
    expect(stage.sender.waiting).toBe(0);
    stage.sender.resendSince(0);
    await stage.pass(5);
    expect(stage.told).toEqual([]);
    stage.configure({});
    await stage.pass(5);
    expect(stage.told).toEqual(["+one. 10.0.0.1"]);
    await stage.close();
  });
});

describe("an end", () => {
  it("with something owed is none with nothing owed: the next start tells it", async () => {
    const first = await Stage.open();
    first.isUp = false;
    await first.commit(lease(1, "one"));
    await first.pass();
    await first.close();
    const second = await Stage.open();
    await second.pass(5);
    expect(second.told).toEqual(["+one. 10.0.0.1"]);
    await second.close();
  });

  it("is not noted down where the file cannot be written, which is told", async () => {
    const stage = await Stage.open();
    await stage.pass(5);
    expect(stage.log.ids).not.toContain("DHCP_DDNS_MARK_FAILED");
    rmSync(world.folder, { recursive: true });
    await stage.close();
    mkdirSync(world.folder);
    expect(stage.log.ids).toContain("DHCP_DDNS_MARK_FAILED");
  });
});

describe("found leases of which it is not known whose they are", () => {
  it("are left alone until that is known", async () => {
    const first = await Stage.open();
    first.isUp = false;
    await first.commit(lease(1, "one"), lease(2, "two"));
    await first.crash();
    const second = await Stage.open();
    let keeper: "unknown" | "this" = "unknown";
    second.sender.askKeeper(() => keeper);
    await second.pass(15);
    expect(second.told).toEqual([]);
    keeper = "this";
    await second.pass(15);
    expect(second.told.toSorted()).toEqual(["+one. 10.0.0.1", "+two. 10.0.0.2"]);
    await second.pass(15);
    expect(second.told.length).toBe(2);
    await second.close();
  });

  it("are looked at at once where names are to be told again from a time on", async () => {
    const first = await Stage.open();
    first.isUp = false;
    await first.commit(lease(1, "one"));
    await first.crash();
    const second = await Stage.open();
    second.sender.askKeeper(() => "unknown");
    await second.pass(5);
    second.sender.askKeeper(() => "this");
    second.sender.resendSince(0);
    await second.pass(4);
    expect(second.told).toEqual(["+one. 10.0.0.1"]);
    await second.close();
  });

  it("are not told where another server gave them while this one was not there", async () => {
    const first = await Stage.open();
    await first.commit(lease(1, "before"));
    await first.pass();
    await first.crash();
    world.clock.advance(1000);
    const given = Math.floor(world.clock.wall());
    world.clock.advance(1000);
    const second = await Stage.open();
    let keeper: "unknown" | "this" = "unknown";
    second.sender.askKeeper(() => keeper);
    await second.adopt("told", lease(2, "meanwhile", { cltt: given }));
    await second.pass(15);
    keeper = "this";
    await second.pass(15);
    expect(second.told).toEqual(["+before. 10.0.0.1"]);
    await second.close();
  });
});
