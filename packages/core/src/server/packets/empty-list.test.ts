import { setFlagsFromString } from "node:v8";
import { runInThisContext } from "node:vm";
import { expect, it } from "vitest";
import { emptyList } from "./empty-list.ts";

setFlagsFromString("--allow-natives-syntax");

const isOfIntegers = runInThisContext("(list) => %HasSmiElements(list)") as (list: unknown[]) => boolean;

it("is a list of objects from the start, as [] is not", () => {
  const list = emptyList<{ name: string }>();
  expect([list.length, isOfIntegers(list), isOfIntegers([])]).toEqual([0, false, true]);
  list.push({ name: "a" });
  expect(list).toEqual([{ name: "a" }]);
});
