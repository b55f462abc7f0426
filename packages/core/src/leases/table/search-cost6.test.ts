import { beforeAll, describe, expect, it } from "vitest";
import { isBrief } from "../../base/testing/runs.ts";
import { type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { dividePrefix, type Ipv6Range, memberAt, parseIpv6Range } from "../../ip/ipv6-range.ts";
import { type Lease6, LeaseType6 } from "../model/lease6.ts";
import { countWork } from "../testing/count-work.ts";
import { family6Addresses, family6Prefixes } from "../testing/test-families.ts";
import { LeaseTable6 } from "./lease-table6.ts";

const NOW = 1_800_000_000;
/** A million leases, or a hundred thousand. */
const BITS = isBrief ? 17 : 20;
/** What a search may take: twice the work of halving in on one of a million leases, where a look at each is a million. */
const STEPS = 600;
const TIME = 120_000;
/** All of one client: what is looked for is not its leases. */
const ADDRESS = family6Addresses.lease(0);
const PREFIX = family6Prefixes.lease(0);
const key = (text: string): Ipv6Key => parseIpv6Key(text)!;

const kinds = {
  "an address pool of /112": { type: LeaseType6.address, range: parseIpv6Range("2001:db8:1::/112")! },
  "a pool of prefixes": { type: LeaseType6.prefix, range: dividePrefix(key("2001:db8:8000::"), 56 - BITS, 56) },
  "an address pool of /64": { type: LeaseType6.address, range: parseIpv6Range("2001:db8:2::/64")! },
} as const;
type Kind = keyof typeof kinds;

function leaseAt(kind: Kind, member: number): Lease6 {
  const { type, range } = kinds[kind];
  const lease = type === LeaseType6.address ? ADDRESS : PREFIX;
  return { ...lease, address: memberAt(range, member), prefixLength: range.length };
}

function fill(table: LeaseTable6, kind: Kind, count: number): void {
  for (let member = 0; member < count; member++) table.put(leaseAt(kind, member));
}

/** Work of one search, which finds something, from where the client happens to be and from the pool's start. */
async function workOf(table: LeaseTable6, kind: Kind, excluded: readonly Ipv6Key[] = []): Promise<number> {
  const cursor = table.openPool({ ...kinds[kind], excluded });
  const searches = 50;
  const work = await countWork("core/src/leases", () => {
    for (let i = 0; i < searches; i++) {
      const found = table.available(cursor, NOW, i % 2 === 0 ? 0 : undefined);
      if (found === undefined) throw new Error("nothing found");
    }
  });
  return work / searches;
}

describe("looking for something free", () => {
  const table = new LeaseTable6(NOW);
  const empty = new LeaseTable6(NOW);

  beforeAll(() => {
    fill(table, "an address pool of /112", 2 ** 16 - 3);
    fill(table, "a pool of prefixes", 2 ** BITS - 3);
    fill(table, "an address pool of /64", 2 ** BITS);
  }, TIME);

  it.each(Object.keys(kinds) as Kind[])(
    "in %s takes as good as the same when it is full as when it is empty",
    async (kind) => {
      expect(await workOf(empty, kind)).toBeLessThan(STEPS);
      expect(await workOf(table, kind)).toBeLessThan(STEPS);
    },
  );

  it("in a pool with nothing free, and nothing that is over, is not done again before something is", async () => {
    const kind = "a pool of prefixes";
    const last = [1, 2, 3].map((back) => leaseAt(kind, 2 ** BITS - back));
    for (const lease of last) table.put(lease);
    const cursor = table.openPool({ ...kinds[kind], excluded: [] });
    expect(table.available(cursor, NOW)).toBeUndefined();
    const again = await countWork("core/src/leases", () => void table.available(cursor, NOW));
    expect(again).toBeLessThan(STEPS);
    table.remove(LeaseType6.prefix, last[1]!.address);
    expect(table.available(cursor, NOW)).toBe(last[1]!.address);
    for (const { address } of last) table.remove(LeaseType6.prefix, address);
  });
});

/** Every other member is leased, or all of them are reserved. */
const RESERVED = 20_000;
const members = (range: Ipv6Range, step: number) =>
  Array.from({ length: RESERVED / step }, (_, n) => memberAt(range, n * step));

describe("reserved members", () => {
  const kind = "a pool of prefixes";
  const { type, range } = kinds[kind];

  it("one after the other cost one step", async () => {
    const excluded = members(range, 1);
    const table = new LeaseTable6(NOW);
    expect(table.available(table.openPool({ type, range, excluded }), NOW, 0)).toBe(memberAt(range, RESERVED));
    expect(await workOf(table, kind, excluded)).toBeLessThan(STEPS);
  });

  it("beside leased ones are looked through once, until something is removed", async () => {
    const table = new LeaseTable6(NOW);
    for (let n = 1; n < RESERVED; n += 2) table.put(leaseAt(kind, n));
    const whole = { first: range.first, last: memberAt(range, RESERVED - 1), length: range.length, size: RESERVED };
    const cursor = table.openPool({ type, range: whole, excluded: members(range, 2) });
    expect(table.available(cursor, NOW)).toBeUndefined();
    expect(await countWork("core/src/leases", () => void table.available(cursor, NOW))).toBeLessThan(STEPS);
    table.remove(LeaseType6.prefix, memberAt(range, 777));
    expect(table.available(cursor, NOW)).toBe(memberAt(range, 777));
  });
});
