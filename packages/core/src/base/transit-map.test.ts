import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { TransitMap } from "./transit-map.ts";

const KEYS = 8;

it("holds what a Map holds, in the same order, whatever comes and goes", () => {
  const step = fc.record({ key: fc.nat(KEYS - 1), isLeaving: fc.boolean(), passing: fc.constantFrom(0, 0, 0, 300) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const map = new Map<number, number>();
      const transit = new TransitMap<number, number>();
      for (const [value, { key, isLeaving, passing }] of steps.entries()) {
        for (const each of [map, transit]) {
          for (let passer = KEYS; passer < KEYS + passing; passer++) {
            each.set(passer, value);
            each.delete(passer);
          }
          if (isLeaving) each.delete(key);
          else each.set(key, value);
        }
        expect([...transit.values()]).toEqual([...map.values()]);
        expect(transit.size).toBe(map.size);
        for (let each = 0; each < KEYS; each++) {
          expect(transit.get(each)).toBe(map.get(each));
          expect(transit.has(each)).toBe(map.has(each));
        }
      }
    }),
  );
});

it("may lose the entry at hand while one goes through it", () => {
  const transit = new TransitMap<number, number>();
  for (let key = 0; key < KEYS; key++) {
    transit.set(key, key);
    // Some are in one half, and some in the other.
    if (key === KEYS / 2) transit.delete(0);
  }
  const seen: number[] = [];
  for (const key of transit.values()) {
    seen.push(key);
    transit.delete(key);
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(transit.size).toBe(0);
});

it("keeps nothing alive that has left it, though the collector has made its tables old, and somebody stays", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options?: { readonly type: "minor" }) => void;
  const oldBytes = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === "old_space")!.space_used_size;
  const transit = new TransitMap<number, unknown>();
  transit.set(-1, "stays");
  let next = 0;
  const pass = (count: number) => {
    for (let i = 0; i < count; i++, next++) {
      transit.set(next, new Array(100).fill(next));
      if (next >= 50) transit.delete(next - 50);
    }
  };
  pass(200);
  // Twice: what has survived one is old.
  collect();
  collect();
  const before = oldBytes();
  for (let round = 0; round < 40; round++) {
    pass(1000);
    collect({ type: "minor" });
  }
  // Of 32 MB that pass through, a Map lets some 12 get old.
  expect(oldBytes() - before).toBeLessThan(3_000_000);
});
