import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressSet4 } from "../rows/address-set4.ts";
import { Availability } from "./availability.ts";
import { LeasePool4 } from "./lease-pool4.ts";

const FIRST = 0x0a00_0005;

function setUp(size: number, excluded: number[] = []) {
  const leased = new AddressSet4();
  // Every leased address may be given.
  const given = [leased, leased, leased, leased];
  const range = { first: FIRST, last: FIRST + size - 1, excluded: excluded.map((n) => FIRST + n) };
  return { leased, pool: new LeasePool4(range, leased, given) };
}

describe("LeasePool4", () => {
  it("begins at its first address, goes on behind the one left behind, and then begins again", () => {
    const { pool } = setUp(3);
    expect(pool.begin(undefined)).toBe(FIRST);
    pool.leaveBehind(FIRST + 1);
    expect(pool.begin(undefined)).toBe(FIRST + 2);
    pool.leaveBehind(FIRST + 2);
    expect(pool.begin(undefined)).toBe(FIRST);
  });

  it.each([
    [0, 0],
    [0.25, 2],
    [0.999, 9],
  ])("begins at %d of the range where told to", (start, member) => {
    expect(setUp(10).pool.begin(start)).toBe(FIRST + member);
  });

  it("has nothing to give when every address is leased or excluded", () => {
    const { leased, pool } = setUp(3, [1]);
    leased.add(FIRST);
    leased.add(FIRST + 2);
    expect(pool.findFree(FIRST + 1)).toBeUndefined();
    expect(pool.findLeased(Availability.over, FIRST + 1)).toBe(FIRST + 2);
    leased.delete(FIRST);
    expect(pool.findFree(FIRST + 1)).toBe(FIRST);
  });

  it("leaves out exclusions that are not in the range", () => {
    const { pool } = setUp(3, [-1, 3, 40]);
    const found = [0, 1, 2, 3].map((n) => pool.findFree(FIRST + n));
    expect(found).toEqual([FIRST, FIRST + 1, FIRST + 2, FIRST]);
  });

  it.each([
    [0, 1],
    [0xffff_ffff, 1],
    [0xffff_ffc0, 64],
  ])("works at the ends of the address space: %i, %i addresses", (first, size) => {
    const leased = new AddressSet4();
    const pool = new LeasePool4({ first, last: first + size - 1, excluded: [first] }, leased, []);
    expect(pool.hasUnused).toBe(size > 1);
    expect(pool.findFree(first)).toBe(size === 1 ? undefined : first + 1);
  });

  it("finds and counts what a search through every address does", () => {
    const someNumbers = fc.uniqueArray(fc.nat(149), { maxLength: 150, size: "max" });
    fc.assert(
      fc.property(
        someNumbers,
        someNumbers,
        fc.integer({ min: 1, max: 150 }),
        fc.nat(149),
        (held, excluded, size, from) => {
          const { leased, pool } = setUp(
            size,
            excluded.toSorted((a, b) => a - b),
          );
          for (const n of held) leased.add(FIRST + n);
          const members = Array.from({ length: size }, (_, n) => (n + from) % size).filter(
            (n) => !excluded.includes(n),
          );
          const address = (n: number | undefined) => (n === undefined ? undefined : FIRST + n);
          const begin = FIRST + (from % size);
          expect(pool.findFree(begin)).toBe(address(members.find((n) => !held.includes(n))));
          expect(pool.findLeased(Availability.over, begin)).toBe(address(members.find((n) => held.includes(n))));
          expect(pool.hasUnused).toBe(members.some((n) => !held.includes(n)));
        },
      ),
    );
  });
});
