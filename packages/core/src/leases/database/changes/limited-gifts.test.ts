import { describe, expect, it } from "vitest";
import { LeaseLimits } from "../../limits/lease-limits.ts";
import { LeaseState } from "../../model/lease.ts";
import type { LeaseLimit } from "../../model/lease-limit.ts";
import type { Lease4 } from "../../model/lease4.ts";
import { LeaseType6 } from "../../model/lease6.ts";
import { family4 } from "../../testing/test-families.ts";
import type { Change } from "../lease-database.ts";
import { LimitedGifts } from "./limited-gifts.ts";

const inSubnet = (of: number, most: number): LeaseLimit => ({ of, type: LeaseType6.address, most });
const lease = (member: number, subnetId = 7, state: Lease4["state"] = LeaseState.assigned) =>
  family4.lease(member, { subnetId, state });

function change(before: Lease4 | undefined, after: Lease4 | undefined, more: Partial<Change<Lease4>> = {}) {
  const nothing = { claim: undefined, replaces: undefined, replacement: undefined, unclaimed: undefined };
  return { ...nothing, before, after, ...more };
}
const claim = { identifier: "a", address: "10.0.0.1", stamp: 1, seen: undefined };
const given = (after: Lease4, more: Partial<Change<Lease4>> = {}) => change(undefined, after, { claim, ...more });

describe("changes make limits count others", () => {
  const [one, moved] = [lease(1), lease(1, 8)];
  const reclaimed = lease(1, 7, LeaseState.reclaimed);
  it.each<[string, readonly Change<Lease4>[], boolean]>([
    ["where something is given", [given(one)], true],
    ["where something is given up", [change(one, undefined)], true],
    ["where something is reclaimed", [change(one, reclaimed)], true],
    ["where something comes to another subnet", [change(one, moved)], true],
    ["with one of several changes", [change(one, one), change(one, undefined), change(one, one)], true],
    ["not where something is renewed", [change(one, { ...one, cltt: one.cltt + 1 })], false],
    ["not of what they do not count", [given(lease(1, 9)), change(reclaimed, undefined)], false],
  ])("%s", (_, changes, expected) => {
    const limits = new LeaseLimits([inSubnet(7, 5), inSubnet(8, 5)]);
    expect(new LimitedGifts(changes, limits).areCounted).toBe(expected);
    expect(new LimitedGifts(changes).areCounted).toBe(false);
  });
});

describe("what is too much", () => {
  const [seven, eight] = [inSubnet(7, 2), inSubnet(8, 1)];
  const limits = new LeaseLimits([seven, eight]);
  const excess = (inUse: readonly (readonly [LeaseLimit, number])[], ...changes: Change<Lease4>[]) => {
    const gifts = new LimitedGifts(changes, limits);
    return { limits: gifts.limits, excess: [...gifts.excess(new Map(inUse))] };
  };

  it("is what is given when there is no room left, in the order of the changes", () => {
    const gifts = [given(lease(1)), given(lease(2, 8)), given(lease(3)), given(lease(4, 8)), given(lease(5, 9))];
    expect(excess([[seven, 1]], ...gifts)).toEqual({ limits: [seven, eight], excess: [2, 3] });
    expect(excess([], ...gifts)).toEqual({ limits: [seven, eight], excess: [3] });
  });

  it("is nothing of what a client keeps, or moves within the limit", () => {
    const [old, fresh] = [lease(1), lease(2)];
    const renewed = change(old, { ...old, cltt: old.cltt + 1 });
    expect(excess([[seven, 2]], renewed)).toEqual({ limits: [], excess: [] });
    const added = change(undefined, fresh);
    expect(excess([[seven, 2]], added)).toEqual({ limits: [], excess: [] });
    const back = change({ ...old, state: LeaseState.assigned }, { ...old, cltt: old.cltt + 1 }, { claim });
    expect(excess([[seven, 2]], back)).toEqual({ limits: [], excess: [] });
    expect(excess([[seven, 2]], given(fresh, { replaces: old })).excess).toEqual([]);
    expect(excess([[seven, 2]], given(fresh, { replaces: lease(3, 8) })).excess).toEqual([0]);
  });

  it("keeps with the client what it would have given up for it", () => {
    const [old, fresh, other] = [lease(1, 8), lease(2), lease(3)];
    const changes = [
      change(old, undefined, { replacement: fresh }),
      given(fresh, { replaces: old }),
      change(other, undefined),
      change(lease(4), undefined, { replacement: other }),
    ];
    expect(excess([[seven, 2]], ...changes).excess).toEqual([1, 0]);
    expect(excess([[seven, 1]], ...changes).excess).toEqual([]);
  });

  it("is a lease that one of two limits does not allow, and takes no room of the other", () => {
    const both = new LeaseLimits([seven, { ...eight, of: "c" }]);
    const [, ofClass] = both.all as [LeaseLimit, LeaseLimit];
    const classed = (member: number) => ({
      ...lease(member),
      userContext: '{ "ISC": { "client-classes": ["c"] } }',
    });
    const gifts = new LimitedGifts([given(classed(1)), given(classed(2)), given(lease(3))], both);
    expect([
      ...gifts.excess(
        new Map([
          [seven, 0],
          [ofClass, 0],
        ]),
      ),
    ]).toEqual([1]);
  });
});
