import { expect, it } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { ProgressLine } from "./progress-line.ts";

function setUp(isTerminal: boolean) {
  const clock = new ManualClock();
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const line = new ProgressLine({ clock, write, isTerminal, unit: "leases" });
  const shownAfter = (seconds: number, done: number) => {
    clock.advance(seconds);
    text = "";
    line.show(done, 1000);
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
  expect(shownAfter(0.4, 250)).toBe("\r250 of 1000 leases, 25 %, 500/s, 2 s left");
  expect(shownAfter(1.5, 1000)).toBe("\r1000 of 1000 leases, 100 %, 500/s, 0 s left");
  expect(ended()).toBe(`\r${" ".repeat("1000 of 1000 leases, 100 %, 500/s, 0 s left".length)}\r`);
  expect(ended()).toBe("");
});

it("comes rarely in a file", () => {
  const { shownAfter, ended } = setUp(false);
  expect(shownAfter(9, 90)).toBe("");
  expect(shownAfter(1, 100)).toBe("100 of 1000 leases, 10 %, 10/s, 90 s left\n");
  expect(ended()).toBe("");
});
