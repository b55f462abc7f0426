import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { ExpiryCalendar } from "./expiry-calendar.ts";
import { Field, LeaseRows } from "./lease-rows.ts";

const NOW = 1_800_000_000;
const HOUR = 3600;
const DAY = 24 * HOUR;

function setUp() {
  const rows = new LeaseRows(Field.family + 1);
  const ends = new Map<number, number>();
  const calendar = new ExpiryCalendar(rows, Field.calendarLinks, NOW, (slot) => ends.get(slot)!);
  const add = (end: number) => {
    const slot = rows.allocate();
    ends.set(slot, end);
    calendar.add(slot);
    return slot;
  };
  const due = (now: number, limit = 1000) => calendar.due(now, limit).map((slot) => ends.get(slot)!);
  return { calendar, ends, add, due };
}

describe("ExpiryCalendar", () => {
  it("gives what is over, oldest first, up to the limit, and gives it again until it is removed", () => {
    const { calendar, add, due } = setUp();
    for (const end of [NOW + 5, NOW + 1, NOW + 3, NOW + 2, NOW - HOUR]) add(end);
    expect(due(NOW)).toEqual([NOW - HOUR]);
    expect(due(NOW + 3, 3)).toEqual([NOW - HOUR, NOW + 1, NOW + 2]);
    for (const slot of calendar.due(NOW + 3, 3)) calendar.remove(slot);
    expect(due(NOW + 3.9)).toEqual([NOW + 3]);
    expect(due(NOW + 5, 0)).toEqual([]);
  });

  it("gives at its second what ends days after it was added, however long nobody asked", () => {
    for (const step of [HOUR, 10 * HOUR, 3 * DAY]) {
      const { add, due } = setUp();
      const ends = [10 * HOUR, 19 * HOUR, 2 * DAY, 5 * DAY, 30 * DAY].map((offset) => NOW + offset);
      for (const end of ends) add(end);
      for (let now = NOW; now < NOW + 40 * DAY; now += step) {
        expect(due(now).toSorted((a, b) => a - b)).toEqual(ends.filter((end) => end <= now));
      }
    }
  });

  it("gives in order what waited at an earlier second than its own", () => {
    const { add, due } = setUp();
    for (const offset of [40, 30, 25, 35]) add(NOW + offset * HOUR);
    expect(due(NOW + 41 * HOUR)).toEqual([25, 30, 35, 40].map((offset) => NOW + offset * HOUR));
  });

  it("gives at once, and before all others, what was over long before it was added", () => {
    const { add, due } = setUp();
    add(NOW - 10);
    add(0);
    add(NOW - 300 * DAY);
    expect(due(NOW, 2).toSorted((a, b) => a - b)).toEqual([0, NOW - 300 * DAY]);
    expect(due(NOW)).toHaveLength(3);
  });

  it("does not walk through the years that a clock jumps", () => {
    const { add, due } = setUp();
    add(NOW + 10);
    expect(due(NOW * 1000)).toEqual([NOW + 10]);
    expect(due(NOW)).toEqual([]);
    expect(due(NOW + 10)).toEqual([NOW + 10]);
  });

  it("keeps back, after the time went back, what is not over any more", () => {
    const { add, due } = setUp();
    add(NOW - 40 * DAY);
    add(NOW + 10);
    add(NOW + 3 * DAY);
    expect(due(NOW + 4 * DAY)).toHaveLength(3);
    expect(due(NOW)).toEqual([NOW - 40 * DAY]);
    expect(due(NOW - 50 * DAY)).toEqual([]);
    expect(due(NOW + 10)).toEqual([NOW - 40 * DAY, NOW + 10]);
    expect(due(NOW + 3 * DAY)).toHaveLength(3);
  });

  it("finds after any history exactly what is over", () => {
    const someStep = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("add"), n: fc.integer({ min: -3 * DAY, max: 3 * DAY }) }) },
      fc.record({ kind: fc.constant("remove"), n: fc.nat() }),
      fc.record({ kind: fc.constant("wait"), n: fc.integer({ min: -2 * DAY, max: 3 * DAY }) }),
      fc.record({ kind: fc.constant("wait"), n: fc.integer({ min: 0, max: 100 }) }),
    );
    fc.assert(
      fc.property(fc.array(someStep, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (steps, limit) => {
        const { calendar, ends, add } = setUp();
        let now = NOW;
        for (const { kind, n } of steps) {
          const slots = [...ends.keys()];
          if (kind === "add") add(now + n);
          if (kind === "wait") now += n;
          if (kind === "remove" && slots.length > 0) {
            const slot = slots[n % slots.length]!;
            calendar.remove(slot);
            ends.delete(slot);
          }
          const over = [...ends.keys()].filter((slot) => ends.get(slot)! <= now);
          expect(calendar.due(now, limit)).toHaveLength(Math.min(limit, over.length));
          expect(calendar.due(now, 1000).toSorted((a, b) => a - b)).toEqual(over.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: runs(25) },
    );
  });
});
