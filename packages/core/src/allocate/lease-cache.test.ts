import { describe, expect, it } from "vitest";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../leases/model/lease.ts";
import { family4 } from "../leases/testing/test-families.ts";
import { reuseLifetime } from "./lease-cache.ts";

const NOW = 1_800_000_000;
const lease = (age: number, change: Partial<Lease> = {}) =>
  family4.lease(1, { cltt: NOW - age, validLifetime: 103, ...change });
const reuse = (of: Lease, granted = 103, cacheMaxAge = 1000) =>
  reuseLifetime({ cacheThreshold: 0.25, cacheMaxAge }, of, granted, NOW);

describe("what is left of a lease is told", () => {
  it("while it is young: whole seconds of its lifetime, and at most so many", () => {
    expect([0, 1, 24, 25, 26].map((age) => reuse(lease(age)))).toEqual([103, 102, 79, undefined, undefined]);
    expect([9, 10].map((age) => reuse(lease(age), 103, 10))).toEqual([94, undefined]);
  });

  it("of one from the future, whose clock was another: all of it", () => {
    expect(reuse(lease(-5))).toBe(103);
  });

  it("unless a renewal would give less", () => {
    expect(reuse(lease(3), 100)).toBe(100);
    expect(reuse(lease(3), 99)).toBeUndefined();
  });

  it("of one that is assigned, and ends", () => {
    for (const state of [LeaseState.declined, LeaseState.reclaimed, LeaseState.offered]) {
      expect(reuse(lease(0, { state }))).toBeUndefined();
    }
    expect(reuse(lease(0, { validLifetime: INFINITE_LIFETIME }), INFINITE_LIFETIME)).toBeUndefined();
  });
});
