import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { BITMAP_SIZE, Bitmap, bitCount, lowestBit } from "./bitmap.ts";

// Runs of numbers, so that whole words, groups of 1,024 and the halves of the top level become full and empty.
const someRun = fc.record({
  add: fc.boolean(),
  first: fc.oneof(fc.nat(BITMAP_SIZE - 1), fc.constantFrom(0, 31, 32, 1023, 1024, 32_767, 32_768, 65_535)),
  length: fc.oneof(fc.nat(3), fc.nat(70), fc.constantFrom(1024, 3000, 32_768, BITMAP_SIZE)),
});

describe("Bitmap", () => {
  it("finds the next member and the next absent number as a search through all of them does", () => {
    fc.assert(
      fc.property(
        fc.array(someRun, { maxLength: 8 }),
        fc.array(fc.nat(BITMAP_SIZE), { maxLength: 20 }),
        (runs, froms) => {
          const bitmap = new Bitmap();
          const members = new Uint8Array(BITMAP_SIZE);
          for (const { add, first, length } of runs) {
            const end = Math.min(BITMAP_SIZE, first + length);
            for (let n = first; n < end; n++) {
              if (add) bitmap.add(n);
              else bitmap.delete(n);
            }
            members.fill(add ? 1 : 0, first, end);
          }
          const found = (n: number) => (n < 0 ? BITMAP_SIZE : n);
          for (const from of froms) {
            expect(bitmap.next(from)).toBe(found(members.indexOf(1, from)));
            expect(bitmap.nextAbsent(from)).toBe(found(members.indexOf(0, from)));
            if (from < BITMAP_SIZE) expect(bitmap.has(from)).toBe(members[from] === 1);
            const last = Math.min(BITMAP_SIZE - 1, from + 5000);
            const first = Math.min(from, last);
            const count = members.subarray(first, last + 1).reduce((sum, member) => sum + member, 0);
            expect(bitmap.count(first, last)).toBe(count);
          }
          expect(bitmap.size).toBe(members.reduce((sum, member) => sum + member, 0));
          expect(bitmap.count(0, BITMAP_SIZE - 1)).toBe(bitmap.size);
        },
      ),
      { numRuns: runs(12) },
    );
  });

  it("is not confused by adding a member twice or deleting what is none", () => {
    const bitmap = new Bitmap();
    bitmap.add(7);
    bitmap.add(7);
    bitmap.delete(8);
    expect(bitmap.size).toBe(1);
    bitmap.delete(7);
    bitmap.delete(7);
    expect(bitmap.size).toBe(0);
    expect(bitmap.next(0)).toBe(BITMAP_SIZE);
  });

  it("gives the word around a number with the lowest number in the lowest bit", () => {
    const bitmap = new Bitmap();
    bitmap.add(64);
    bitmap.add(95);
    expect(bitmap.word(70)).toBe((1 << 31) | 1);
    expect(bitmap.word(96)).toBe(0);
  });
});

it.each([
  [1, 0, 1],
  [-1, 0, 32],
  [1 << 31, 31, 1],
  [0x00f0_1000, 12, 5],
])("counts the ones of %i and finds the lowest", (word, lowest, count) => {
  expect(lowestBit(word)).toBe(lowest);
  expect(bitCount(word)).toBe(count);
});
