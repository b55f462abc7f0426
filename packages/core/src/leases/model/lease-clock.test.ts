import { describe, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { LeaseClock, type LeaseClockEvent } from "./lease-clock.ts";

const START = 1_800_000_000;

function setUp(wall = START, newest = 0) {
  const system = new ManualClock(wall);
  const events: LeaseClockEvent[] = [];
  return { system, events, clock: new LeaseClock(system, newest, (event) => events.push(event)) };
}

describe("lease time", () => {
  it("begins at the wall clock and runs with the monotonic clock", () => {
    const { system, clock } = setUp(START, START - 100);
    expect(clock.wall()).toBe(START);
    system.advance(12.5);
    expect(clock.wall()).toBe(START + 12.5);
    expect(clock.monotonic()).toBe(12_500);
  });

  it("goes on where the lease file stopped when the host boots without a clock, and says so once", () => {
    const { system, clock, events } = setUp(7, START);
    expect(clock.wall()).toBe(START);
    for (let i = 0; i < 3; i++) {
      system.advance(1);
      expect(clock.tick()).toEqual({ jumped: 0 });
    }
    expect(clock.wall()).toBe(START + 3);
    expect(events).toEqual([{ kind: "clock-behind", seconds: START - 7 }]);
  });

  it("moves with the leases when the network brings the right time at last", () => {
    const { system, clock, events } = setUp(7, START);
    system.jump(START + 86_400 - 7);
    expect(clock.tick()).toEqual({ jumped: 86_400 });
    expect(clock.wall()).toBe(START + 86_400);
    expect(events).toEqual([{ kind: "clock-jumped", seconds: 86_400 }]);
  });

  it("does not move before somebody is told", () => {
    const { system, clock } = setUp();
    system.jump(1e6);
    expect(clock.wall()).toBe(START);
  });

  it("moves by whole seconds, and follows the rest", () => {
    const { system, clock } = setUp();
    system.jump(100.25);
    expect(clock.tick()).toEqual({ jumped: 100 });
    expect(clock.wall()).toBe(START + 100);
    expect(clock.tick()).toEqual({ jumped: 0 });
    expect(clock.wall()).toBe(START + 100.25);
  });

  it("follows a wall clock that is less than a minute ahead", () => {
    const { system, clock, events } = setUp();
    system.jump(59);
    expect(clock.tick()).toEqual({ jumped: 0 });
    expect(clock.wall()).toBe(START + 59);
    expect(events).toEqual([]);
  });

  it("keeps running when the wall clock goes back, and is caught up with", () => {
    const { system, clock, events } = setUp();
    system.jump(-3600);
    clock.tick();
    system.advance(10);
    clock.tick();
    expect(clock.wall()).toBe(START + 10);
    expect(events).toEqual([{ kind: "clock-behind", seconds: 3600 }]);
    system.jump(3620);
    expect(clock.tick()).toEqual({ jumped: 0 });
    expect(clock.wall()).toBe(START + 30);
    system.jump(-600);
    clock.tick();
    expect(events).toHaveLength(2);
  });

  it("is not put back by a wall clock that is a little behind", () => {
    const { system, clock, events } = setUp();
    system.jump(-30);
    clock.tick();
    expect(clock.wall()).toBe(START);
    expect(events).toEqual([]);
  });
});
