import { describe, expect, it, test } from "vitest";
import { keaAddress, keaHex, keaOctets, keaPool4, keaPool6, keaPrefix, startOfPool6 } from "./kea-values.ts";

describe("a pool is a prefix where it can be one", () => {
  it.each([
    ["192.0.2.16-192.0.2.31", "192.0.2.16/28"],
    ["192.0.2.0-192.0.2.9", "192.0.2.0-192.0.2.9"],
    // As many as a prefix has, but not where one begins.
    ["192.0.2.8-192.0.2.23", "192.0.2.8-192.0.2.23"],
    ["192.0.2.7-192.0.2.7", "192.0.2.7/32"],
    ["0.0.0.0-255.255.255.255", "0.0.0.0/0"],
    ["128.0.0.0-255.255.255.255", "128.0.0.0/1"],
    ["192.0.2.77/24", "192.0.2.0/24"],
  ])("%s", (given, written) => expect(keaPool4.format?.(given, {}, undefined)).toBe(written));

  it.each([
    ["2001:db8::10-2001:db8::11", "2001:db8::10/127"],
    ["2001:db8::11-2001:db8::12", "2001:db8::11-2001:db8::12"],
    ["2001:DB8:0:0::/80", "2001:db8::/80"],
    ["2001:db8::-2001:db8::1:ffff", "2001:db8::/111"],
    ["2001:db8::1-2001:db8::1", "2001:db8::1/128"],
    ["::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"],
  ])("%s", (given, written) => expect(keaPool6.format?.(given, {}, undefined)).toBe(written));
});

test("pools are sorted by their first address", () => {
  const pools = ["2001:db8::1:0/112", "2001:db8::10/127"].map((pool) => ({ pool }));
  expect(startOfPool6(pools[1]!) < startOfPool6(pools[0]!)).toBe(true);
});

test("each value has one form, and what cannot be read stays as it is", () => {
  expect([keaAddress("2001:DB8::0:1"), keaAddress("192.0.2.1"), keaAddress("x")]).toEqual([
    "2001:db8::1",
    "192.0.2.1",
    "x",
  ]);
  expect([keaPrefix("2001:DB8:0::/64"), keaPrefix("192.0.2.77/24")]).toEqual(["2001:db8::/64", "192.0.2.77/24"]);
  expect([keaOctets("1:2:AB"), keaOctets("0a0B"), keaOctets("'a'")]).toEqual(["01:02:ab", "0a:0b", "61"]);
  expect([keaHex("0x0a0B"), keaHex("a:b"), keaHex("'a'"), keaHex("-")]).toEqual(["0A0B", "0A0B", "61", "-"]);
});
