import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { counter, type SampleLimit, Statistic, size } from "./statistic.ts";

setFlagsFromString("--allow-natives-syntax");

const START = 1_800_000_000;

/** One that has counted to `count`, once a second. */
function counted(count: number, limit?: SampleLimit): Statistic {
  const statistic = new Statistic(counter(""), undefined, START);
  if (limit !== undefined) statistic.limitSamples(limit);
  for (let i = 1; i <= count; i++) statistic.add(1, START + i);
  return statistic;
}

const values = (statistic: Statistic) => statistic.samples().map(({ value }) => value);

describe("the samples of a statistic", () => {
  it("are the last 20, the newest first, each with its time", () => {
    expect(values(counted(2))).toEqual([2, 1, 0]);
    expect(values(counted(30))).toEqual(Array.from({ length: 20 }, (_, i) => 30 - i));
    expect(counted(1).samples()).toEqual([
      { value: 1, time: START + 1 },
      { value: 0, time: START },
    ]);
  });

  it.each([
    [1, [9]],
    [2, [9, 8]],
    [5, [9, 8, 7, 6, 5]],
  ])("are no more than %i", (samples, expected) => {
    const limit = { kind: "count", samples } as const;
    expect(values(counted(9, limit))).toEqual(expected);
    const late = counted(9);
    late.limitSamples(limit);
    expect(values(late)).toEqual(expected);
  });

  it.each([
    [0, [9]],
    [1, [9]],
    [3, [9, 8, 7]],
  ])("are no older than %i s", (seconds, expected) => {
    expect(values(counted(9, { kind: "age", seconds }))).toEqual(expected);
  });

  it("are more again when the limit is", () => {
    const statistic = counted(9, { kind: "count", samples: 2 });
    statistic.limitSamples({ kind: "count", samples: 3 });
    statistic.add(1, START + 10);
    expect(values(statistic)).toEqual([10, 9, 8]);
  });

  it("begin anew after a removal", () => {
    const statistic = counted(9);
    statistic.remove(START + 10);
    expect(statistic.isRemoved).toBe(true);
    statistic.add(1, START + 11);
    expect([statistic.isRemoved, values(statistic)]).toEqual([false, [1]]);
  });

  it("of a size begin when it is told", () => {
    const statistic = new Statistic(size(""), undefined, START);
    expect(statistic.isRemoved).toBe(true);
    statistic.set(2n ** 64n, START + 1);
    expect(statistic.samples()).toEqual([{ value: 2n ** 64n, time: START + 1 }]);
  });
});

/** Has V8 compile a function. @returns whether it has not given that up */
const compile = runInThisContext(`(run) => {
  const isCompiled = () => (%GetOptimizationStatus(run) & 16) !== 0;
  %PrepareFunctionForOptimization(run);
  run();
  run();
  %OptimizeFunctionOnNextCall(run);
  run();
  return isCompiled;
}`) as (run: () => void) => () => boolean;

it("may become too large for V8's small integers, and nothing that was compiled before is given up", async () => {
  // A class that has not counted anything yet.
  vi.resetModules();
  const fresh = await import("./statistic.ts");
  const make = () => new fresh.Statistic(size(""), undefined, START);
  const small = make();
  const isCompiled = compile(() => small.set(1, START));
  expect(isCompiled()).toBe(true);
  make().set(2 ** 40, START);
  make().set(2n ** 64n, START);
  expect(isCompiled()).toBe(true);
});
