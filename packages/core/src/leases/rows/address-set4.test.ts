import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressSet4, NO_ADDRESS } from "./address-set4.ts";

const HIGHEST = 0xffff_ffff;

/** Addresses near the borders of /16s, where the search goes from one bitmap to the next. */
const someAddress = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 0x0a00, 0x0a01, 0x7fff, 0x8000, 0xffff),
    fc.constantFrom(0, 1, 31, 0x8000, 0xfffe, 0xffff),
  )
  .map(([high, low]) => high * 0x1_0000 + low);

function fill(set: AddressSet4, first: number, last: number): void {
  for (let address = first; address <= last; address++) set.add(address);
}

describe("AddressSet4", () => {
  it("finds, counts and forgets as a set of numbers does", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), someAddress), { maxLength: 40 }),
        someAddress,
        someAddress,
        (steps, a, b) => {
          const set = new AddressSet4();
          const model = new Set<number>();
          for (const [add, address] of steps) {
            if (add) set.add(address);
            else set.delete(address);
            if (add) model.add(address);
            else model.delete(address);
          }
          const sorted = [...model].toSorted((x, y) => x - y);
          const absent = (from: number): number => (model.has(from) ? absent(from + 1) : from);
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(set.size).toBe(model.size);
          expect(set.has(a)).toBe(model.has(a));
          expect(set.next(a)).toBe(sorted.find((address) => address >= a) ?? NO_ADDRESS);
          expect(set.nextAbsent(a)).toBe(absent(a));
          expect(set.count(low, high)).toBe(sorted.filter((address) => address >= low && address <= high).length);
          expect((set.word(a) >>> (a & 31)) & 1).toBe(model.has(a) ? 1 : 0);
        },
      ),
    );
  });

  it("passes over a /16 in which every address is a member", () => {
    const set = new AddressSet4();
    fill(set, 0x0a01_0000, 0x0a02_00ff);
    expect(set.nextAbsent(0x0a01_0000)).toBe(0x0a02_0100);
    set.add(0x0a00_ffff);
    expect(set.nextAbsent(0x0a00_ffff)).toBe(0x0a02_0100);
    set.delete(0x0a01_8000);
    expect(set.nextAbsent(0x0a00_ffff)).toBe(0x0a01_8000);
    expect(set.nextAbsent(0x0a01_0000)).toBe(0x0a01_8000);
    expect(set.nextAbsent(0x0a01_8001)).toBe(0x0a02_0100);
  });

  it("ends at the highest address", () => {
    const set = new AddressSet4();
    fill(set, 0xffff_0000, HIGHEST);
    expect(set.nextAbsent(0xffff_0000)).toBe(NO_ADDRESS);
    expect(set.next(HIGHEST)).toBe(HIGHEST);
    expect(set.next(NO_ADDRESS)).toBe(NO_ADDRESS);
    expect(set.nextAbsent(NO_ADDRESS)).toBe(NO_ADDRESS);
    set.delete(HIGHEST);
    expect(set.next(HIGHEST)).toBe(NO_ADDRESS);
    expect(set.count(0, HIGHEST)).toBe(0xffff);
  });
});
