import { describe, expect, it } from "vitest";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { dividePrefix, memberAt, parseIpv6Range } from "../../ip/ipv6-range.ts";
import { LeaseState } from "../model/lease.ts";
import { type Lease6, LeaseType6 } from "../model/lease6.ts";
import { family6Addresses, family6Prefixes } from "../testing/test-families.ts";
import { LeaseTable6 } from "./lease-table6.ts";

const NOW = 1_800_000_000;
const key = (text: string): Ipv6Key => parseIpv6Key(text)!;

const address = (text: string, change: Partial<Lease6> = {}) => ({
  ...family6Addresses.lease(0),
  address: key(text),
  ...change,
});
const prefix = (text: string, prefixLength: number, change: Partial<Lease6> = {}) => ({
  ...family6Prefixes.lease(0),
  address: key(text),
  prefixLength,
  ...change,
});

function tableOf(...leases: Lease6[]): LeaseTable6 {
  const table = new LeaseTable6(NOW);
  for (const lease of leases) table.put(lease);
  return table;
}

const pdPool = (text: string, length: number, delegatedLength: number, excluded: Ipv6Key[] = []) => ({
  type: LeaseType6.prefix,
  range: dividePrefix(key(text), length, delegatedLength),
  excluded,
});
const pool = (text: string) => ({ type: LeaseType6.address, range: parseIpv6Range(text)!, excluded: [] });

describe("leases of both types", () => {
  it("lie side by side at one address", () => {
    const both = [address("2001:db8::"), prefix("2001:db8::", 128)];
    const table = tableOf(...both);
    expect(table.count).toBe(2);
    expect(both.map((lease) => table.byAddress(lease.type, lease.address))).toEqual(both);
    expect(both.map((lease) => table.page(lease.type, undefined, 9))).toEqual(both.map((lease) => [lease]));
    table.remove(LeaseType6.address, key("2001:db8::"));
    expect(table.byAddress(LeaseType6.address, key("2001:db8::"))).toBeUndefined();
    expect(table.byDuid(both[0]!.duid)).toEqual([both[1]]);
  });

  it("come together for a client, with each of its associations", () => {
    const leases = [
      address("2001:db8::1", { iaid: 1 }),
      address("2001:db8::2", { iaid: 2 }),
      prefix("2001:db8:1::", 56),
    ];
    expect(tableOf(...leases).byDuid(leases[0]!.duid)).toEqual(leases.toReversed());
  });

  it("of prefixes have pages in the order of the addresses, whatever the lengths are", () => {
    const leases = [
      prefix("2001:db8::", 56),
      prefix("2001:db8:0:100::", 64),
      prefix("2001:db8:0:200::", 48),
      prefix("2001:db8:1::", 64),
    ];
    const table = tableOf(...leases.toReversed());
    expect(table.page(LeaseType6.prefix, undefined, 10)).toEqual(leases);
    expect(table.page(LeaseType6.prefix, undefined, 2)).toEqual(leases.slice(0, 2));
    expect(table.page(LeaseType6.prefix, leases[1]!.address, 10)).toEqual(leases.slice(2));
  });
});

it("candidates: what is free, what is reclaimed, what is over, what is on offer; each once, around the end", () => {
  const table = tableOf(
    address("2001:db8::1", { state: LeaseState.reclaimed }),
    address("2001:db8::2", { state: LeaseState.offered }),
    address("2001:db8::4", { state: LeaseState.reclaimed }),
    address("2001:db8::5", { validLifetime: 0 }),
    address("2001:db8::6"),
  );
  const candidates = table.candidates(table.openPool(pool("2001:db8::/125")), NOW + 1, 0.5);
  const found = [...candidates].map((each) => formatIpv6Key(each).slice("2001:db8::".length));
  expect(found).toEqual(["7", "", "3", "4", "1", "5", "2"]);
});

describe("a prefix that is given again with another length", () => {
  it("is one lease, of the new length", () => {
    const table = tableOf(prefix("2001:db8::", 56, { state: LeaseState.reclaimed }), prefix("2001:db8::", 60));
    expect(table.count).toBe(1);
    expect(table.page(LeaseType6.prefix, undefined, 10)).toEqual([prefix("2001:db8::", 60)]);
    const cursor = table.openPool(pdPool("2001:db8::", 48, 60));
    expect(formatIpv6Key(table.available(cursor, NOW)!)).toBe("2001:db8:0:10::");
  });
});

describe("prefixes of several lengths", () => {
  it.each<[string, Lease6, string | undefined]>([
    ["a shorter one around the first members", prefix("2001:db8::", 56), "2001:db8:0:100::"],
    ["a shorter one around the pool", prefix("2001:db8::", 40), undefined],
    ["everything", prefix("::", 0), undefined],
    ["a longer one in the first member", prefix("2001:db8:0:8::", 64), "2001:db8:0:10::"],
    ["one on offer", prefix("2001:db8::", 56, { state: LeaseState.offered }), "2001:db8:0:100::"],
    ["one that nobody has any more", prefix("2001:db8::", 56, { state: LeaseState.reclaimed }), "2001:db8::"],
    ["one whose time is over", prefix("2001:db8::", 56, { validLifetime: 0 }), "2001:db8::"],
    ["a longer one whose time is over", prefix("2001:db8::", 64, { validLifetime: 0 }), "2001:db8::"],
    ["a longer one elsewhere", prefix("2001:db8:0:10::", 64), "2001:db8::"],
    ["an address", address("2001:db8::1"), "2001:db8::"],
  ])("%s: what is given shares no address with it", (_, lease, expected) => {
    const table = tableOf(lease);
    const cursor = table.openPool(pdPool("2001:db8::", 48, 60));
    const given = table.available(cursor, NOW);
    expect(given === undefined ? undefined : formatIpv6Key(given)).toBe(expected);
    expect(table.isCrossed(key("2001:db8::"), 60)).toBe(expected !== "2001:db8::");
  });

  it("are no obstacle to a reclaimed one of the pool's own length, but a lease in it is", () => {
    const table = tableOf(
      prefix("2001:db8::", 60, { state: LeaseState.reclaimed }),
      prefix("2001:db8:0:10::", 60, { state: LeaseState.reclaimed }),
      prefix("2001:db8:0:8::", 64),
    );
    const cursor = table.openPool(pdPool("2001:db8::", 59, 60));
    expect(formatIpv6Key(table.available(cursor, NOW)!)).toBe("2001:db8:0:10::");
  });

  it("that fill the start of a pool are passed over a few at a time, and in the end what is free is found", () => {
    const crowd = dividePrefix(key("2001:db8::"), 48, 64);
    // Each is in a member of its own.
    const table = tableOf(
      ...Array.from({ length: 200 }, (_, n) => ({ ...prefix("::", 64), address: memberAt(crowd, n * 16) })),
    );
    const cursor = table.openPool(pdPool("2001:db8::", 48, 60));
    const found = Array.from({ length: 4 }, () => table.available(cursor, NOW));
    expect(found.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    expect(found[3]).toBe(memberAt(dividePrefix(key("2001:db8::"), 48, 60), 200));
  });
});

describe("a pool of more members than a number can count", () => {
  it("gives its first ones in turn, and none that is reserved at its far end", () => {
    const table = tableOf(address("2001:db8::1"));
    const cursor = table.openPool({
      ...pool("2001:db8::/64"),
      excluded: [key("2001:db8::2"), key("2001:db8::ffff:0:0:1")],
    });
    const given = Array.from({ length: 3 }, () => {
      const found = table.available(cursor, NOW)!;
      cursor.leaveBehind(found);
      return formatIpv6Key(found);
    });
    expect(given).toEqual(["2001:db8::", "2001:db8::3", "2001:db8::4"]);
  });

  it("gives any of 2^53 where it begins anywhere, also behind leases that lie far out", () => {
    const table = tableOf(address("2001:db8::10:0:0:0"), address("2001:db8::10:0:0:1"), address("2001:db8::ff:0:0:0"));
    const cursor = table.openPool(pool("2001:db8::/64"));
    expect(formatIpv6Key(table.available(cursor, NOW, 0.5)!)).toBe("2001:db8::10:0:0:2");
    expect(formatIpv6Key(table.available(cursor, NOW, 0.25)!)).toBe("2001:db8:0:0:8::");
  });
});

it("longer prefixes in a prefix are not looked through by the thousand", () => {
  const crowd = dividePrefix(key("2001:db8::"), 48, 64);
  const reclaimed = Array.from({ length: 1000 }, (_, n) => ({
    ...prefix("::", 64, { state: LeaseState.reclaimed }),
    address: memberAt(crowd, n),
  }));
  expect(tableOf(...reclaimed.slice(0, 50)).isCrossed(key("2001:db8::"), 48)).toBe(false);
  expect(tableOf(...reclaimed).isCrossed(key("2001:db8::"), 48)).toBe(true);
});
