import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../base/testing/runs.ts";
import { formatIpv6Key, type Ipv6Key, isInPrefix, maskIpv6Key, parseIpv6Key } from "../ip/ipv6-key.ts";
import { dividePrefix } from "../ip/ipv6-range.ts";
import type { Pool6 } from "../subnets/subnet6.ts";
import { Taken6 } from "./taken6.ts";

const key = (text: string) => parseIpv6Key(text)!;
/** A prefix of the length, somewhere in 2001:db8::/44. */
const prefix = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(1), fc.constantFrom(48, 56, 64, 128)).map(([a, b, c, length]) => ({
  address: maskIpv6Key(key(`2001:db8:${a}:${b}0${b}::${c}`), length),
  length,
}));
type Prefix = { readonly address: Ipv6Key; readonly length: number };

/** Whether two of them share addresses. An address may be from a delegated prefix, as in Kea. */
function isShared(a: Prefix, b: Prefix): boolean {
  if ((a.length === 128) !== (b.length === 128)) return false;
  const [wide, narrow] = a.length < b.length ? [a, b] : [b, a];
  return isInPrefix(narrow.address, wide.address, wide.length);
}

it("what shares addresses with something that is taken is taken, in whatever order they are asked about and added", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), prefix), { maxLength: 30 }), (steps) => {
      const taken = new Taken6();
      const added: Prefix[] = [];
      for (const [isAdded, each] of steps) {
        expect(taken.isEmpty).toBe(added.length === 0);
        const isTaken = added.some((other) => isShared(other, each));
        expect(taken.has(each.address, each.length)).toBe(isTaken);
        if (!isAdded) continue;
        taken.add(each);
        added.push(each);
      }
    }),
    { numRuns: runs(100) },
  );
});

describe("in a pool", () => {
  const range = dividePrefix(key("2001:db8::"), 40, 56);
  const pool = { range } as Pool6;
  /** Members, with how many of them have been looked at. */
  function members(count: number) {
    const looks = { count: 0 };
    function* all(): Generator<Ipv6Key, undefined> {
      for (let i = 0; i < count; i++) {
        looks.count++;
        yield key(`2001:db8:${(i >> 8).toString(16)}:${(i & 0xff).toString(16)}00::`);
      }
      return undefined;
    }
    return { looks, all };
  }
  const take = (taken: Taken6, text: string, length = 56) => taken.add({ address: key(text), length });

  it("the first candidate that is not taken is found, and each is looked at once", () => {
    const taken = new Taken6();
    const { looks, all } = members(10);
    const find = () => {
      const found = taken.firstFree(pool, all);
      if (found !== undefined) taken.add({ address: found, length: 56 });
      return found && formatIpv6Key(found);
    };
    expect(find()).toBe("2001:db8::");
    expect(find()).toBe("2001:db8:0:100::");
    take(taken, "2001:db8:0:200::");
    expect(find()).toBe("2001:db8:0:300::");
    expect(looks.count).toBe(4);
    for (let i = 4; i < 10; i++) expect(find()).toBe(`2001:db8:0:${i}00::`);
    expect([find(), find()]).toEqual([undefined, undefined]);
    const other = { range } as Pool6;
    expect(taken.firstFree(other, members(11).all)).toBe(key("2001:db8:0:a00::"));
  });

  it("in a wide prefix that is taken no more of them are looked at than 64, beside those taken by name", () => {
    // Of 256 members of 2001:db8::/48, all are taken by it; two by name.
    const wide = () => {
      const taken = new Taken6();
      take(taken, "2001:db8::", 48);
      return taken;
    };
    const first = (taken: Taken6, { all }: ReturnType<typeof members>) => taken.firstFree(pool, all);
    const listed = (taken: Taken6, { all }: ReturnType<typeof members>) => [...taken.free(pool, all())];
    for (const find of [first, listed]) {
      const [plain, named] = [members(300), members(300)];
      find(wide(), plain);
      expect(plain.looks.count).toBe(65);
      const taken = wide();
      take(taken, "2001:db8:0:300::");
      take(taken, "2001:db8:5:500::");
      find(taken, named);
      expect(named.looks.count).toBe(67);
    }
    expect(first(wide(), members(300))).toBeUndefined();
    expect(listed(wide(), members(300))).toEqual([]);
  });

  it("those that are not taken are listed", () => {
    const taken = new Taken6();
    for (const member of ["2001:db8::", "2001:db8:0:200::"]) take(taken, member);
    const free = [...taken.free(pool, members(4).all())].map(formatIpv6Key);
    expect(free).toEqual(["2001:db8:0:100::", "2001:db8:0:300::"]);
  });
});
