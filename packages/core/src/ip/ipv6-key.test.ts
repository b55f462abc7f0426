import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIpv6, maskIpv6 } from "./ipv6.ts";
import {
  formatIpv6Key,
  type Ipv6Key,
  isInPrefix,
  isLinkLocal,
  isLinkMulticast,
  isMulticast,
  isPrefixAddress,
  maskIpv6Key,
  parseIpv6Key,
  readIpv6Key,
  toIpv6,
  UNSPECIFIED,
  writeIpv6Key,
} from "./ipv6-key.ts";

const key = (text: string): Ipv6Key => parseIpv6Key(text)!;
const address = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe("a key", () => {
  it("is read from and written to any place in a buffer", () => {
    const buffer = new Uint8Array(20).fill(9);
    writeIpv6Key(key("2001:db8::ff"), buffer, 3);
    expect([buffer[2], buffer[3], buffer[18], buffer[19]]).toEqual([9, 0x20, 0xff, 9]);
    expect(readIpv6Key(buffer, 3)).toBe(key("2001:db8::ff"));
  });

  it("holds every address, and sorts as addresses do", () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(toIpv6(readIpv6Key(a))).toEqual(a);
        expect(Math.sign(Buffer.compare(a, b))).toBe(
          readIpv6Key(a) < readIpv6Key(b) ? -1 : readIpv6Key(a) > readIpv6Key(b) ? 1 : 0,
        );
      }),
    );
  });

  it("has the text of its address", () => {
    expect(formatIpv6Key(key("2001:DB8:0::1"))).toBe("2001:db8::1");
    expect(formatIpv6Key(UNSPECIFIED)).toBe("::");
    expect(formatIpv6Key(key("::ffff:192.0.2.1"))).toBe("::ffff:192.0.2.1");
    expect(parseIpv6Key("2001:db8")).toBeUndefined();
  });
});

describe("kinds of address", () => {
  it.each([
    ["fe80::1", true, false, false],
    ["febf::1", true, false, false],
    ["fec0::1", false, false, false],
    ["ff02::1:2", false, true, true],
    ["ff12::1", false, true, true],
    ["ff05::1:3", false, true, false],
    ["2001:db8::1", false, false, false],
    ["2002::1", false, false, false],
  ])("RFC 4291 §2.4: %s is link-local: %s, multicast: %s, of the link: %s", (text, linkLocal, multicast, ofLink) => {
    const address = key(text);
    expect([isLinkLocal(address), isMulticast(address), isLinkMulticast(address)]).toEqual([
      linkLocal,
      multicast,
      ofLink,
    ]);
  });
});

describe("prefixes of keys", () => {
  it.each([
    ["2001:db8:1234:5678::9", 48, "2001:db8:1234::"],
    ["2001:db8:1234:5678::9", 61, "2001:db8:1234:5678::"],
    ["2001:db8:1234:567f::9", 61, "2001:db8:1234:5678::"],
    ["ffff::1", 0, "::"],
    ["::1", 128, "::1"],
    ["::1", 127, "::"],
  ])("of %s the first %i bits are %s", (text, length, prefix) => {
    expect(formatIpv6Key(maskIpv6Key(key(text), length))).toBe(prefix);
    expect(isInPrefix(key(text), key(prefix), length)).toBe(true);
    expect(isPrefixAddress(key(prefix), length)).toBe(true);
  });

  it("agree with the arrays, whatever the address and the length", () => {
    fc.assert(
      fc.property(address, address, fc.nat(128), (a, b, length) => {
        const masked = maskIpv6(a, length);
        expect(formatIpv6Key(maskIpv6Key(readIpv6Key(a), length))).toBe(formatIpv6(masked));
        expect(isPrefixAddress(readIpv6Key(a), length)).toBe(Buffer.compare(a, masked) === 0);
        // Any two random addresses differ early: give both the same start.
        const near = Uint8Array.from([...a.subarray(0, length >> 3), ...b.subarray(length >> 3)]);
        expect(isInPrefix(readIpv6Key(near), readIpv6Key(a), length)).toBe(
          formatIpv6(maskIpv6(near, length)) === formatIpv6(masked),
        );
      }),
    );
  });
});
