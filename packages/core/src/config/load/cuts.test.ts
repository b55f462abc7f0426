import { expect, test } from "vitest";
import { Cuts } from "./cuts.ts";

test("what is left after several cuts is found under its first index", () => {
  const document = { list: ["a", "b", { x: 1 }, "d", { y: 2 }] };
  const cuts = new Cuts(document);
  cuts.cut([["list", 0]]);
  cuts.cut([
    ["list", 0],
    ["list", 2],
  ]);
  expect(document).toEqual({ list: [{ x: 1 }, { y: 2 }] });
  expect(cuts.toDocument(["list", 0, "x"])).toEqual(["list", 2, "x"]);
  expect(cuts.toDocument(["list", 1, "y"])).toEqual(["list", 4, "y"]);
});

test("one part cut twice at a time costs nothing around it", () => {
  const document = { map: { a: 1, b: 2 } };
  new Cuts(document).cut([
    ["map", "a"],
    ["map", "a"],
  ]);
  expect(document).toEqual({ map: { b: 2 } });
});

test("a key that is missing costs the map that lacks it", () => {
  const document = { list: [{ a: 1 }, { b: 2 }] };
  new Cuts(document).cut([["list", 0, "b"]]);
  expect(document).toEqual({ list: [{ b: 2 }] });
});

test("the document itself cannot be cut out", () => {
  expect(new Cuts({ a: 1 }).cut([["b"]])).toBe(false);
});
