import { describe, expect, test } from "vitest";
import { add, remove } from "../testing/requests.ts";
import { JobOrder } from "./job-order.ts";

let nextId = 1;
const stored = (request: ReturnType<typeof add>) => ({ id: nextId++, received: 0, request });

describe("order", () => {
  test("what has neither name nor address in common runs side by side", () => {
    const order = new JobOrder();
    expect([add("a", "10.0.0.1"), add("b", "10.0.0.2")].map((each) => order.add(stored(each)).blockers)).toEqual([
      0, 0,
    ]);
  });

  test("one name, whatever its case, and one address, run one after the other", () => {
    const order = new JobOrder();
    const first = order.add(stored(add("a", "10.0.0.1")));
    const sameName = order.add(stored(add("A", "10.0.0.2")));
    const sameAddress = order.add(stored(add("c", "10.0.0.1")));
    const both = order.add(stored(add("c", "10.0.0.2")));
    expect([sameName, sameAddress, both].map(({ blockers }) => blockers)).toEqual([1, 1, 2]);
    expect(order.finish(first)).toEqual([sameName, sameAddress]);
    expect(order.finish(sameAddress)).toEqual([]);
    expect(order.finish(sameName)).toEqual([both]);
    expect(order.finish(both)).toEqual([]);
    expect(order.size).toBe(0);
  });
});

describe("what a newer request makes superfluous", () => {
  const older = add("a", "10.0.0.1", 1);

  test.each([
    ["the removal of what was to be added", remove("a", "10.0.0.1", 1), true],
    ["the same again", add("a", "10.0.0.1", 1, { ttl: 5 }), true],
    ["another client's", remove("a", "10.0.0.1", 2), false],
    ["in another mode", remove("a", "10.0.0.1", 1, { conflictResolutionMode: "no-check-with-dhcid" }), false],
    ["of one part only", remove("a", "10.0.0.1", 1, { reverse: false }), false],
    ["at another address", add("a", "10.0.0.2", 1), false],
    ["with another name", add("b", "10.0.0.1", 1), false],
  ])("%s", (_, newer, isSuperfluous) => {
    const order = new JobOrder();
    const job = order.add(stored(older));
    expect(order.findSuperseded(newer)).toBe(isSuperfluous ? job : undefined);
  });

  test("only the last one: what came in between must keep its place", () => {
    const order = new JobOrder();
    order.add(stored(older));
    order.add(stored(add("b", "10.0.0.1", 2)));
    expect(order.findSuperseded(remove("a", "10.0.0.1", 1))).toBeUndefined();
  });
});
