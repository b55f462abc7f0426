import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { netmask, parseIpv4, parseIpv4Prefix, prefixContains } from "../../ip/ipv4.ts";
import { PrefixIndex4 } from "./prefix-index4.ts";

function indexOf(...prefixes: string[]): PrefixIndex4<string> {
  const index = new PrefixIndex4<string>((prefix) => prefixes.indexOf(prefix));
  for (const prefix of prefixes) index.add(parseIpv4Prefix(prefix)!, prefix);
  return index;
}

describe("an index of prefixes", () => {
  it("finds what contains an address, up to the prefix's last one", () => {
    const index = indexOf("192.0.2.0/24");
    expect(index.find(parseIpv4("192.0.2.0")!)).toBe("192.0.2.0/24");
    expect(index.find(parseIpv4("192.0.2.255")!)).toBe("192.0.2.0/24");
    expect(index.find(parseIpv4("192.0.3.0")!)).toBeUndefined();
  });

  it("where several contain it, the first that was added counts, whichever is longer", () => {
    expect(indexOf("10.0.0.0/8", "10.1.0.0/16").find(parseIpv4("10.1.2.3")!)).toBe("10.0.0.0/8");
    expect(indexOf("10.1.0.0/16", "10.0.0.0/8").find(parseIpv4("10.1.2.3")!)).toBe("10.1.0.0/16");
  });

  it.each(["0.0.0.0/0", "128.0.0.0/1", "255.255.255.255/32"])("%s is a prefix like any other", (prefix) => {
    expect(indexOf(prefix).find(0xffff_ffff)).toBe(prefix);
  });

  it("finds what a search through the list finds", () => {
    const prefix = fc
      .record({ address: fc.nat(0xff), length: fc.integer({ min: 24, max: 32 }) })
      .map(({ address, length }) => ({ address: (address & netmask(length)) >>> 0, length }));
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 20 }), fc.nat(0xff), (prefixes, address) => {
        const index = new PrefixIndex4<number>((i) => i);
        for (const [i, each] of prefixes.entries()) index.add(each, i);
        const first = prefixes.findIndex((each) => prefixContains(each, address));
        expect(index.find(address)).toBe(first < 0 ? undefined : first);
      }),
    );
  });
});
