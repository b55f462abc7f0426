import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatHex, parseHex } from "../base/hex.ts";
import { formatIpv6Key, isInPrefix, maskIpv6Key, parseIpv6Key, readIpv6Key } from "../ip/ipv6-key.ts";
import { decodePdExclude, type ExcludedPrefix, encodePdExclude } from "./pd-exclude.ts";

const prefix = (text: string): ExcludedPrefix => {
  const [address, length] = text.split("/");
  return { address: parseIpv6Key(address!)!, length: Number(length) };
};

describe("option 67", () => {
  it.each([
    // RFC 6603 §4.2's own example.
    ["2001:db8:dead:bee0::/59", "2001:db8:dead:beef::/64", "4078"],
    ["2001:db8:1234:5600::/56", "2001:db8:1234:5678::/64", "4078"],
    ["2001:db8::/32", "2001:db8:1:2::/64", "4000010002"],
    ["2001:db8::/33", "2001:db8:4000::/34", "2280"],
    ["::/127", "::1/128", "8080"],
  ])("RFC 6603 §4.2: %s without %s is %s", (delegated, excluded, hex) => {
    expect(formatHex(encodePdExclude(prefix(delegated).length, prefix(excluded)), "")).toBe(hex);
    const found = decodePdExclude(parseHex(hex)!, prefix(delegated));
    expect(`${formatIpv6Key(found.address)}/${found.length}`).toBe(excluded);
  });

  it("is read back as it was written, whatever the lengths", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.nat(127),
        fc.integer({ min: 1, max: 128 }),
        (bytes, delegatedLength, more) => {
          const length = Math.min(128, delegatedLength + more);
          const address = maskIpv6Key(readIpv6Key(bytes), length);
          const delegated = { address: maskIpv6Key(address, delegatedLength), length: delegatedLength };
          const found = decodePdExclude(encodePdExclude(delegatedLength, { address, length }), delegated);
          expect(found).toEqual({ address, length });
          expect(isInPrefix(found.address, delegated.address, delegatedLength)).toBe(true);
        },
      ),
    );
  });

  it.each([
    ["", /prefix of 0 bits/],
    ["3b80", /prefix of 59 bits, expected 60 to 128/],
    ["8180", /prefix of 129 bits/],
    ["40", /has 1 bytes, expected 2/],
    ["407800", /has 3 bytes, expected 2/],
  ])("RFC 6603 §4.2: refuses %j", (hex, message) => {
    expect(() => decodePdExclude(parseHex(hex)!, prefix("2001:db8:dead:bee0::/59"))).toThrow(message);
  });
});
