import { describe, expect, it } from "vitest";
import { formatIpv6Key, parseIpv6Key } from "../../../ip/ipv6-key.ts";
import { dividePrefix, parseIpv6Range } from "../../../ip/ipv6-range.ts";
import { LeaseType6 } from "../../model/lease6.ts";
import { addressOfKey6, toKey6 } from "../shared-store6.ts";
import { addressesOf, boundsOf6, findGap6 } from "./gap6.ts";

const key = (text: string) => parseIpv6Key(text)!;
const PREFIXES = {
  type: LeaseType6.prefix,
  range: dividePrefix(key("2001:db8::"), 48, 56),
  excluded: [key("2001:db8:0:200::")],
};
const prefix = (member: number) => `2001:db8:0:${(member * 256).toString(16)}::`;
const span = (first: number, last: number) => ({
  first: toKey6(LeaseType6.prefix, key(prefix(first))),
  last: toKey6(LeaseType6.prefix, key(prefix(last))),
});

describe("a search in a pool of prefixes", () => {
  it("is between addresses: the last one is the last of its last prefix", () => {
    const { first, last, excluded } = boundsOf6(PREFIXES);
    expect([first, last].map(formatIpv6Key)).toEqual(["2001:db8::", "2001:db8:0:ffff:ffff:ffff:ffff:ffff"]);
    expect(excluded).toBe(PREFIXES.excluded);
    const part = addressesOf(PREFIXES, span(1, 3));
    expect([part.first, part.last].map(formatIpv6Key)).toEqual([
      "2001:db8:0:100::",
      "2001:db8:0:3ff:ffff:ffff:ffff:ffff",
    ]);
  });

  it.each<[string, [number, number][], readonly number[], number | undefined]>([
    ["its first member", [[0, 9]], [], 0],
    ["none that has a lease, or is excluded", [[0, 9]], [0, 1, 3], 4],
    ["the last one", [[0, 3]], [0, 1], 3],
    ["nothing behind the end", [[0, 2]], [0, 1], undefined],
    [
      "what is in its second span",
      [
        [200, 202],
        [1, 4],
      ],
      [200, 201, 202, 1, 3],
      4,
    ],
    ["nothing in no span", [], [], undefined],
  ])("finds %s", (_, spans, leased, expected) => {
    const search = { range: PREFIXES, spans: spans.map(([first, last]) => span(first, last)), now: 0 };
    const elsewhere = key("2001:db9::");
    const gap = findGap6(search, [elsewhere, ...leased.map((member) => key(prefix(member)))]);
    expect(gap && formatIpv6Key(addressOfKey6(gap))).toBe(
      expected === undefined ? undefined : formatIpv6Key(key(prefix(expected))),
    );
    if (gap !== undefined) expect(gap).toBe(toKey6(LeaseType6.prefix, key(prefix(expected!))));
  });

  it("of a pool of addresses ends with its last address", () => {
    const range = parseIpv6Range("2001:db8::10-2001:db8::12")!;
    expect(formatIpv6Key(boundsOf6({ type: LeaseType6.address, range, excluded: [] }).last)).toBe("2001:db8::12");
  });
});
