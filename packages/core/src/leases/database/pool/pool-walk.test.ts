import { describe, expect, it } from "vitest";
import { PoolWalk } from "./pool-walk.ts";

/** Ten members, 100 to 109, of which 103 is excluded. */
function walk(): PoolWalk<number> {
  return new PoolWalk({
    size: 10,
    searched: 6,
    at: (index) => 100 + index,
    indexOf: (key) => (key >= 100 && key < 110 ? key - 100 : undefined),
    isExcluded: (key) => key === 103,
  });
}

describe("the walk through a pool", () => {
  it("gives blocks one behind the other, around the end, without what is excluded", () => {
    const way = walk();
    expect([way.takeBlock(4), way.takeBlock(4), way.takeBlock(4)]).toEqual([
      [100, 101, 102],
      [104, 105, 106, 107],
      [108, 109, 100, 101],
    ]);
  });

  it("searches in two spans where the end lies between, and no member twice in a round", () => {
    const way = walk();
    way.goTo(0.7);
    const first = way.nextPart();
    expect(first.spans).toEqual([
      { first: 107, last: 109 },
      { first: 100, last: 102 },
    ]);
    expect(way.pass(first, undefined)).toBe(false);
    const second = way.nextPart();
    expect(second.spans).toEqual([{ first: 103, last: 106 }]);
    expect(way.isRound).toBe(false);
    expect(way.pass(second, undefined)).toBe(false);
    expect([way.isRound, way.nextPart().spans]).toEqual([true, []]);
  });

  it("goes on at what a search has found", () => {
    const way = walk();
    expect(way.pass(way.nextPart(), 105)).toBe(true);
    expect(way.nextPart().spans).toEqual([{ first: 105, last: 109 }]);
    way.beginRound();
    expect(way.nextPart().spans).toEqual([
      { first: 105, last: 109 },
      { first: 100, last: 100 },
    ]);
  });
});
