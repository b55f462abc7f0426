import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIpv6, formatIpv6Prefix, maskIpv6, parseIpv6, parseIpv6Prefix } from "./ipv6.ts";

describe("parseIpv6 and formatIpv6", () => {
  it.each([
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["2001:DB8::0001", "2001:db8::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["0:0:0:0:0:ffff:c000:201", "::ffff:192.0.2.1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("RFC 5952: %s is written %s", (text, canonical) => {
    const address = parseIpv6(text);
    expect(address).toHaveLength(16);
    expect(formatIpv6(address!)).toBe(canonical);
  });

  it.each([
    "",
    ":",
    ":::",
    "1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1::",
    "12345::",
    "g::",
    "1:",
    ":1",
    "fe80::1%eth0",
    "::192.0.2",
    "::192.0.2.256",
    "::192.0.2.01",
    "192.0.2.1::",
    "192.0.2.1",
    " ::1",
    "0x1::",
  ])("refuses %j", (text) => {
    expect(parseIpv6(text)).toBeUndefined();
  });

  it("read back every address they write", () => {
    const group = fc.oneof(fc.constant([0, 0]), fc.tuple(fc.nat(255), fc.nat(255)));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const address = Uint8Array.from(groups.flat());
        expect(parseIpv6(formatIpv6(address))).toEqual(address);
      }),
    );
  });
});

describe("parseIpv6Prefix", () => {
  it.each([
    ["2001:db8::/32", "2001:db8::/32"],
    ["2001:db8:ffff::1/33", "2001:db8:8000::/33"],
    ["2001:db8:: / 32", "2001:db8::/32"],
    ["::/0", "::/0"],
    ["::1/128", "::1/128"],
  ])("reads %s as %s", (text, canonical) => {
    expect(formatIpv6Prefix(parseIpv6Prefix(text)!)).toBe(canonical);
  });

  it.each(["2001:db8::", "2001:db8::/129", "2001:db8::/", "/32", "2001:db8::/-1", "192.0.2.0/24"])(
    "refuses %j",
    (text) => {
      expect(parseIpv6Prefix(text)).toBeUndefined();
    },
  );
});

describe("maskIpv6", () => {
  it("keeps exactly the leading bits", () => {
    const ones = new Uint8Array(16).fill(255);
    for (let length = 0; length <= 128; length++) {
      const bits = [...maskIpv6(ones, length)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
      expect(bits).toBe("1".repeat(length) + "0".repeat(128 - length));
    }
  });
});
