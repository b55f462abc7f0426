import { expect, it } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { ProgressLine } from "./progress-line.ts";

function setUp(isTerminal: boolean) {
  const clock = new ManualClock();
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const line = new ProgressLine({ clock, write, isTerminal });
  const shownAfter = (seconds: number, done: number, unit = "leases") => {
    clock.advance(seconds);
    text = "";
    line.show(done, 1000, unit);
    return text;
  };
  const ended = () => {
    text = "";
    line.end();
    return text;
  };
  return { shownAfter, ended };
}

it("is written over at a terminal, and taken away at the end", () => {
  const { shownAfter, ended } = setUp(true);
  expect(shownAfter(0.1, 50)).toBe("");
  expect(shownAfter(0.4, 250)).toBe(`\r[#####${" ".repeat(15)}]  25 %, 250 of 1000 leases, 500/s, 2 s left`);
  expect(shownAfter(1.5, 1000)).toBe(`\r[${"#".repeat(20)}] 100 %, 1000 of 1000 leases, 500/s, 0 s left`);
  expect(ended()).toBe(`\r${" ".repeat(`[${"#".repeat(20)}] 100 %, 1000 of 1000 leases, 500/s, 0 s left`.length)}\r`);
  expect(ended()).toBe("");
});

it("comes rarely in a file", () => {
  const { shownAfter, ended } = setUp(false);
  expect(shownAfter(9, 90)).toBe("");
  expect(shownAfter(1, 100)).toBe(`[##${" ".repeat(18)}]  10 %, 100 of 1000 leases, 10/s, 1 min 30 s left\n`);
  expect(ended()).toBe("");
});

it("begins again with other work", () => {
  const { shownAfter } = setUp(true);
  expect(shownAfter(1, 500, "bytes read")).toContain("500 of 1000 bytes read, 500/s, 1 s left");
  expect(shownAfter(1, 0)).toBe("");
  expect(shownAfter(1, 0)).toContain("0 of 1000 leases, 0/s, ? left");
  expect(shownAfter(1, 100)).toContain("100 of 1000 leases, 50/s, 18 s left");
});
