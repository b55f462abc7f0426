import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { expect, it } from "vitest";
import { mapped } from "./mapped.ts";

setFlagsFromString("--allow-natives-syntax");

/** Whether an array is of the kind that may have holes, before and after V8 has compiled what makes it. */
const kinds = runInThisContext(`(make) => {
  const before = %HasHoleyElements(make());
  %PrepareFunctionForOptimization(make);
  make();
  make();
  %OptimizeFunctionOnNextCall(make);
  return [before, %HasHoleyElements(make())];
}`) as (make: () => unknown[]) => [boolean, boolean];

const items = ["a", "b"];

it("gives what the function makes of each item and its place", () => {
  expect(mapped(items, (item, i) => item + i)).toEqual(["a0", "b1"]);
  expect(mapped([], () => 1)).toEqual([]);
});

it("gives arrays of one kind, which map does not", () => {
  expect(kinds(() => mapped(items, (item) => ({ item })))).toEqual([false, false]);
  expect(kinds(() => items.map((item) => ({ item })))).toEqual([false, true]);
});
