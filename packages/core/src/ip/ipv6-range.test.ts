import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "./ipv6-key.ts";
import {
  countMembers,
  createIpv6Range,
  dividePrefix,
  formatIpv6Range,
  indexIn,
  isInRange,
  memberAt,
  parseIpv6Range,
} from "./ipv6-range.ts";

const key = (text: string): Ipv6Key => parseIpv6Key(text)!;

describe("parseIpv6Range", () => {
  it.each([
    ["2001:db8::1 - 2001:db8::ff", "2001:db8::1-2001:db8::ff", 255],
    ["2001:db8::1-2001:db8::1", "2001:db8::1-2001:db8::1", 1],
    ["2001:db8::/112", "2001:db8::-2001:db8::ffff", 65_536],
    [" 2001:db8::9/64 ", "2001:db8::-2001:db8::ffff:ffff:ffff:ffff", 2 ** 64],
    ["::/0", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 2 ** 128],
  ])("reads %s", (text, range, size) => {
    const found = parseIpv6Range(text)!;
    expect(formatIpv6Range(found)).toBe(range);
    expect(found.size).toBe(size);
  });

  it.each(["", "2001:db8::1", "2001:db8::2 - 2001:db8::1", "2001:db8::1 - x", "x - ::1", "::/129"])(
    "refuses %j",
    (text) => {
      expect(parseIpv6Range(text)).toBeUndefined();
    },
  );
});

describe("dividePrefix", () => {
  it.each([
    ["2001:db8::", 32, 48, 2 ** 16, "2001:db8::/48-2001:db8:ffff::/48"],
    ["2001:db8::", 40, 61, 2 ** 21, "2001:db8::/61-2001:db8:ff:fff8::/61"],
    ["2001:db8::", 64, 64, 1, "2001:db8::/64-2001:db8::/64"],
    ["2001:db8::", 32, 64, 2 ** 32, "2001:db8::/64-2001:db8:ffff:ffff::/64"],
  ])("%s/%i into /%i: %i prefixes", (prefix, length, delegated, size, text) => {
    const range = dividePrefix(key(prefix), length, delegated);
    expect(range.size).toBe(size);
    expect(formatIpv6Range(range)).toBe(text);
  });
});

describe("countMembers", () => {
  it.each([
    ["2001:db8::10-2001:db8::11", 2n],
    ["2001:db8::/64", 2n ** 64n],
    ["2001:db8::-2001:db8::ffff:ffff:ffff:fffe", 2n ** 64n - 1n],
    ["::/0", 2n ** 128n],
  ])("%s", (text, count) => {
    expect(countMembers(parseIpv6Range(text)!)).toBe(count);
  });

  it("of prefixes", () => {
    expect(countMembers(dividePrefix(key("3000::"), 16, 96))).toBe(2n ** 80n);
    expect(countMembers(dividePrefix(key("3000::"), 56, 56))).toBe(1n);
  });
});

describe("members of a range", () => {
  it.each([
    ["2001:db8::", 32, 48, 258, "2001:db8:102::"],
    ["2001:db8::", 32, 61, 9, "2001:db8:0:48::"],
    ["2001:db8::", 32, 61, 2 ** 29 - 1, "2001:db8:ffff:fff8::"],
    ["2001:db8::", 64, 128, 2 ** 53 - 1, "2001:db8::1f:ffff:ffff:ffff"],
    ["::", 0, 0, 0, "::"],
    ["::", 0, 1, 1, "8000::"],
  ])("of %s/%i in /%i: number %i is %s", (prefix, length, delegated, index, member) => {
    const range = dividePrefix(key(prefix), length, delegated);
    expect(formatIpv6Key(memberAt(range, index))).toBe(member);
    expect(indexIn(range, key(member))).toBe(index);
  });

  it("carry from byte to byte", () => {
    const range = createIpv6Range(key("2001:db8::ff:ffff:ffff:ffff"), key("2001:db8::ffff:ffff:ffff:ffff"), 128);
    expect(formatIpv6Key(memberAt(range, 1))).toBe("2001:db8:0:0:100::");
    expect(indexIn(range, key("2001:db8:0:0:100::"))).toBe(1);
  });

  it("are found again by their index, wherever the range starts", () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const first = bytes.map((address) => {
      address[0]! &= 0x7f;
      return key([...Array(8)].map((_, i) => ((address[2 * i]! << 8) | address[2 * i + 1]!).toString(16)).join(":"));
    });
    const end = key("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    fc.assert(
      fc.property(first, fc.integer({ min: 1, max: 128 }), fc.maxSafeNat(), (start, length, wanted) => {
        const range = createIpv6Range(start, end, length);
        const index = Math.min(wanted, range.size - 1);
        const member = memberAt(range, index);
        expect(isInRange(range, member)).toBe(true);
        expect(indexIn(range, member)).toBe(index);
      }),
    );
  });

  it("cover the addresses inside them, and no others", () => {
    const range = dividePrefix(key("2001:db8::"), 32, 56);
    expect(indexIn(range, key("2001:db8:0:1ff::1"))).toBe(1);
    expect(indexIn(range, key("2001:db8:ffff:ffff::1"))).toBe(2 ** 24 - 1);
    expect(indexIn(range, key("2001:db9::"))).toBeUndefined();
    expect(indexIn(range, key("2001:db7:ffff::"))).toBeUndefined();
  });

  it("beyond the first 2^53 have no index, but belong to the range", () => {
    const range = parseIpv6Range("2001:db8::/64")!;
    const far = key("2001:db8::211:22ff:fe33:4455");
    expect(indexIn(range, far)).toBeUndefined();
    expect(isInRange(range, far)).toBe(true);
    expect(indexIn(range, key("2001:db8::20:0:0:0"))).toBeUndefined();
  });
});
