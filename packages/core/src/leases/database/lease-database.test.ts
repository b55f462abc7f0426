import { expect, it } from "vitest";
import { type Change, unitsOf } from "./lease-database.ts";

it("changes that depend on each other are a unit: what is removed, with what its client gets for it", () => {
  const nothing = { claim: undefined, replaces: undefined, replacement: undefined, unclaimed: undefined };
  const change = (before: string | undefined, after: string | undefined, replacement?: string): Change<string> => ({
    ...nothing,
    before,
    after,
    replacement,
  });
  const changes = [
    change("old", undefined, "new"),
    change("renewed", "renewed since"),
    change("older", undefined, "new"),
    change(undefined, "new"),
    change("gone", undefined),
  ];
  expect(unitsOf(changes)).toEqual([[0, 2, 3], [1], [4]]);
  expect(unitsOf([])).toEqual([]);
});
