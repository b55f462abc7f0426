import { expect, it } from "vitest";
import type { Lease6 } from "../../model/lease6.ts";
import { family6Addresses, family6Prefixes } from "../../testing/test-families.ts";
import { family6 } from "../shared-store6.ts";
import { findReplacements } from "./replacements.ts";

const address = (member: number, client = 1) => family6Addresses.lease(member, {}, client);
const prefix = (member: number, client = 1) => family6Prefixes.lease(member, {}, client);

const removed = (before: Lease6) => ({ before, after: undefined, given: undefined });
const given = (after: Lease6) => ({ before: undefined, after, given: family6.claimOf(after) });
const renewed = (after: Lease6) => ({ before: after, after, given: undefined });

const [old, older, fresh, second] = [address(1), address(2), address(3), address(4)];

it.each([
  [
    "an address for an address and a prefix for a prefix",
    [removed(old), removed(prefix(1)), given(fresh), given(prefix(2))],
    [
      [old, fresh],
      [prefix(1), prefix(2)],
    ],
  ],
  ["nothing for what another client gets", [removed(old), given(address(3, 2))], []],
  ["nothing where nothing is given", [removed(old), removed(older)], []],
  [
    "two for one",
    [removed(old), removed(older), given(fresh)],
    [
      [old, fresh],
      [older, fresh],
    ],
  ],
  ["what is new and not what is renewed", [removed(old), renewed(second), given(fresh)], [[old, fresh]]],
  ["what is renewed where nothing is new", [removed(old), renewed(second)], [[old, second]]],
])("gives %s", (_, changes, expected) => {
  const { replacements } = findReplacements(family6, changes);
  expect([...replacements]).toEqual(expected);
});

it("each of several new ones replaces the last one that is given up, or one of its own", () => {
  const { replaced } = findReplacements(family6, [removed(old), given(fresh), given(second)]);
  expect([...replaced]).toEqual([
    [fresh, old],
    [second, old],
  ]);
});
