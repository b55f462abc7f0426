import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ipv6Key, parseIpv6Key, UNSPECIFIED } from "../ip/ipv6-key.ts";
import { dividePrefix, memberAt } from "../ip/ipv6-range.ts";
import { Availability } from "./availability.ts";
import { LeaseOrder } from "./lease-order.ts";
import { LeaseRows } from "./lease-rows.ts";
import { Field6, ROW6, readAddress, writeWords } from "./lease-rows6.ts";

const key = (text: string): Ipv6Key => parseIpv6Key(text)!;

function setUp(prefix = "2001:db8::", prefixLength = 32, length = 56) {
  const rows = new LeaseRows(ROW6);
  const order = new LeaseOrder(rows, length);
  const range = dividePrefix(key(prefix), prefixLength, length);
  const slots = new Map<number, number>();
  const words = new Uint32Array(4);
  const at = (member: number) => memberAt(range, member);
  const add = (member: number) => {
    const slot = rows.allocate();
    writeWords(at(member), words);
    words.forEach((word, i) => {
      rows.set(slot, Field6.address + i, word);
    });
    order.add(slot);
    slots.set(member, slot);
  };
  const remove = (member: number) => {
    order.remove(slots.get(member)!);
    rows.release(slots.get(member)!);
    slots.delete(member);
  };
  const list = (from = UNSPECIFIED) => [...order.from(from)].map((slot) => readAddress(rows, slot));
  return { order, slots, at, add, remove, list };
}

describe("LeaseOrder", () => {
  it("lists what it holds by address, from any place on", () => {
    const { add, at, list } = setUp();
    for (const member of [5, 1 << 20, 3, 256]) add(member);
    expect(list()).toEqual([3, 5, 256, 1 << 20].map(at));
    expect(list(at(4))).toEqual([5, 256, 1 << 20].map(at));
    expect(list(at(5))).toEqual([5, 256, 1 << 20].map(at));
    expect(list(at(1 << 21))).toEqual([]);
  });

  it("finds the only gap behind 5,000 leases that came in any order", () => {
    for (const factor of [1, 4999, 2741]) {
      const { order, add, at, remove } = setUp();
      for (let i = 0; i < 5000; i++) add((i * factor) % 5000);
      expect(order.distanceToFree(at(0))).toBe(5000);
      remove(4321);
      expect(order.distanceToFree(at(0))).toBe(4321);
      expect(order.distanceToFree(at(4322))).toBe(678);
    }
  });

  it("counts addresses exactly over the whole width of a /64", () => {
    const { order, add, at } = setUp("2001:db8::", 64, 128);
    const last = Number.MAX_SAFE_INTEGER;
    add(last);
    add(0);
    expect(order.distanceToFree(at(0))).toBe(1);
    expect(order.distanceToFree(at(last - 1))).toBe(0);
    order.changeAvailability(2 - 1, Availability.held, Availability.over);
    expect(order.distanceToGiven(Availability.over, at(1))).toBe(last - 1);
  });

  it("does what a sorted array does, in any history", () => {
    const step = fc.record({
      first: fc.nat(9000),
      length: fc.oneof(fc.nat(3), fc.nat(3000)),
      kind: fc.constantFrom("add", "add", "remove", "remove", "give"),
      by: fc.constantFrom(1, 2, 7),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.array(fc.nat(12_000), { maxLength: 20 }), (steps, places) => {
        const { order, slots, at, add, remove, list } = setUp();
        const given = new Map<number, Availability>();
        let turn = 0;
        for (const { first, length, kind, by } of steps) {
          for (let member = first; member < first + length; member += by) {
            const slot = slots.get(member);
            if (kind === "add" && slot === undefined) {
              add(member);
              given.set(member, Availability.held);
            } else if (slot !== undefined && kind !== "add") {
              const after = kind === "give" ? ((turn++ % 4) as Availability) : Availability.held;
              if (given.get(member) !== after) order.changeAvailability(slot, given.get(member)!, after);
              given.set(member, after);
              if (kind === "remove") {
                remove(member);
                given.delete(member);
              }
            }
          }
        }
        const members = [...slots.keys()].sort((a, b) => a - b);
        expect(list()).toEqual(members.map(at));
        expect(order.isEmpty).toBe(members.length === 0);
        for (const place of places) {
          let free = place;
          while (slots.has(free)) free++;
          expect(order.distanceToFree(at(place))).toBe(free - place);
          for (const availability of [Availability.reclaimed, Availability.over, Availability.offered]) {
            const found = members.find((member) => member >= place && given.get(member) === availability);
            const distance = found === undefined ? Number.POSITIVE_INFINITY : found - place;
            expect(order.distanceToGiven(availability, at(place))).toBe(distance);
          }
        }
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});
