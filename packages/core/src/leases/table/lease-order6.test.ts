import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { type Ipv6Key, parseIpv6Key, UNSPECIFIED } from "../../ip/ipv6-key.ts";
import { dividePrefix, memberAt } from "../../ip/ipv6-range.ts";
import { LeaseRows } from "../rows/lease-rows.ts";
import { Field6, ROW6, readAddress, writeWords } from "../rows/lease-rows6.ts";
import { Availability } from "./availability.ts";
import { LeaseOrder6 } from "./lease-order6.ts";

const key = (text: string): Ipv6Key => parseIpv6Key(text)!;

function setUp(prefix = "2001:db8::", prefixLength = 32, length = 56) {
  const rows = new LeaseRows(ROW6);
  const order = new LeaseOrder6(rows, length);
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

describe("LeaseOrder6", () => {
  // The first one, since others leave garbage behind that would be counted.
  it("takes 25 bytes a lease when they come in order, and gives the room back when most have gone", async () => {
    setFlagsFromString("--expose-gc");
    const gc: () => void = runInNewContext("gc");
    const used = () => {
      gc();
      return process.memoryUsage().arrayBuffers;
    };
    // The memory of buffers is swept beside the program: what is free counts as free some time later.
    const patience = { timeout: 60_000, interval: 20 };
    const { add, remove, list } = setUp();
    const before = used() + 100_000 * 4 * ROW6;
    for (let member = 0; member < 100_000; member++) add(member);
    await expect.poll(() => used() - before, patience).toBeLessThan(2_500_000);
    for (let member = 0; member < 100_000; member++) if (member % 500 > 0) remove(member);
    await expect.poll(() => used() - before, patience).toBeLessThan(500_000);
    // All this is still there to be measured.
    expect(list()).toHaveLength(200);
  });

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

  it("finds each gap among thousands, wherever it is, and that it is filled again", () => {
    const { order, add, at, remove } = setUp();
    for (let i = 0; i < 3000; i++) add((i * 7) % 3000);
    for (let member = 0; member < 3000; member++) {
      expect(order.distanceToFree(at(0))).toBe(3000);
      remove(member);
      expect(order.distanceToFree(at(0))).toBe(member);
      add(member);
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
    // Without the bias for small numbers, which would leave all in one leaf.
    const step = fc.record({
      first: fc.noBias(fc.nat(6000)),
      length: fc.oneof(fc.nat(3), fc.noBias(fc.nat(3000))),
      kind: fc.constantFrom("add", "add", "remove", "give", "remove all"),
      by: fc.constantFrom(1, 1, 2, 7),
    });
    const history = fc.array(fc.tuple(step, fc.array(fc.noBias(fc.nat(9000)), { maxLength: 8 })), {
      minLength: 20,
      maxLength: 30,
    });
    fc.assert(
      fc.property(history, (steps) => {
        const { order, slots, at, add, remove, list } = setUp();
        const given = new Map<number, Availability>();
        const give = (member: number, after: Availability) => {
          if (given.get(member) !== after) order.changeAvailability(slots.get(member)!, given.get(member)!, after);
          given.set(member, after);
        };
        const removeAt = (member: number) => {
          give(member, Availability.held);
          remove(member);
          given.delete(member);
        };
        for (const [{ first, length, kind, by }, starts] of steps) {
          const members = Array.from({ length: Math.ceil(length / by) }, (_, i) => first + i * by);
          if (kind === "add") {
            for (const member of members.filter((each) => !slots.has(each))) {
              add(member);
              given.set(member, Availability.held);
            }
          } else if (kind === "remove all") {
            for (const member of [...slots.keys()].filter((each) => each >= first)) removeAt(member);
          } else {
            const found = members.filter((member) => slots.has(member));
            // Few, so that there are leaves without any.
            if (kind === "give") for (const member of found.slice(0, 20)) give(member, (member % 4) as Availability);
            else for (const member of found) removeAt(member);
          }
          check(starts);
        }
        expect(list()).toEqual([...slots.keys()].sort((a, b) => a - b).map(at));

        function check(starts: readonly number[]): void {
          expect(order.isEmpty).toBe(slots.size === 0);
          for (const start of starts) {
            const end = start + 700;
            const held = [...given].filter(
              ([member, each]) => each === Availability.held && member >= start && member <= end,
            );
            expect(order.countHeld(at(start), at(end))).toBe(held.length);
            let free = start;
            while (slots.has(free)) free++;
            expect(order.distanceToFree(at(start))).toBe(free - start);
            for (const availability of [Availability.reclaimed, Availability.over, Availability.offered]) {
              let nearest = Number.POSITIVE_INFINITY;
              for (const [member, each] of given) {
                if (each === availability && member >= start) nearest = Math.min(nearest, member);
              }
              expect(order.distanceToGiven(availability, at(start))).toBe(nearest - start);
            }
          }
        }
      }),
      { numRuns: runs(15) },
    );
  });
});
