import { describe, expect, it } from "vitest";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../leases/model/lease.ts";
import { family4 } from "../leases/testing/test-families.ts";
import { isScarce, shortest, timeLeft } from "./adaptive-lifetime.ts";

const NOW = 1_800_000_000;
const lease = (change: Partial<Lease> = {}) => family4.lease(1, { cltt: NOW - 10, validLifetime: 100, ...change });

describe("pools are nearly used up", () => {
  it.each<[string, number, Lease | undefined, boolean]>([
    ["with what is being given", 7, undefined, true],
    ["not before", 6, undefined, false],
    ["with what the client has, which is counted already", 8, lease(), true],
    ["not with what the client has", 7, lease(), false],
    ["with what was over", 7, lease({ cltt: NOW - 100 }), true],
    ["with what has a second left, which is counted already", 7, lease({ cltt: NOW - 99 }), false],
    ["with what was given up", 7, lease({ state: LeaseState.reclaimed }), true],
  ])("%s", (_, held, current, expected) => {
    expect(isScarce(0.8, { size: 10, held }, current, NOW)).toBe(expected);
  });

  it("though more is held than there is, counted where servers share the leases", () => {
    expect(isScarce(1, { size: 10, held: 12 }, undefined, NOW)).toBe(true);
    expect(isScarce(1.1, { size: 10, held: 12 }, undefined, NOW)).toBe(false);
  });
});

it("the shortest lifetime takes nothing from a lease, and gives no more than usual", () => {
  const lifetime = { min: 50, default: 200, max: 300 };
  expect([0, 49, 51, 199, 250].map((left) => shortest(lifetime, left))).toEqual([50, 50, 51, 199, 200]);
});

it("a lease goes on for what is left of it, if it is held", () => {
  expect(timeLeft(undefined, NOW)).toBe(0);
  expect(timeLeft(lease(), NOW)).toBe(90);
  expect(timeLeft(lease({ cltt: NOW - 100 }), NOW)).toBe(0);
  expect(timeLeft(lease({ state: LeaseState.declined }), NOW)).toBe(0);
  expect(timeLeft(lease({ validLifetime: INFINITE_LIFETIME }), NOW)).toBe(INFINITE_LIFETIME);
});
