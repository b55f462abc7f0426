import fc from "fast-check";
import { expect, it } from "vitest";
import { formatIpv4, parseIpv4 } from "./ipv4.ts";

it("reads what it has written", () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (address) => {
      expect(parseIpv4(formatIpv4(address))).toBe(address);
    }),
  );
});

it("takes four numbers up to 255 without leading zeros, and nothing else", () => {
  const part = /^(0|[1-9]\d{0,2})$/;
  const character = fc.constantFrom(..."00112259.. x-/");
  const near = fc.array(fc.oneof(fc.nat(300).map(String), character), { maxLength: 9 }).map((parts) => parts.join(""));
  const dotted = fc.array(fc.oneof(fc.nat(300).map(String), fc.constantFrom("", "00", "01", "1 ")), { maxLength: 5 });
  fc.assert(
    fc.property(
      fc.oneof(
        near,
        dotted.map((parts) => parts.join(".")),
      ),
      (text) => {
        const parts = text.split(".");
        const isAddress = parts.length === 4 && parts.every((each) => part.test(each) && Number(each) <= 255);
        expect(parseIpv4(text) !== undefined).toBe(isAddress);
      },
    ),
    { numRuns: 1000 },
  );
});

it.each(["", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 "])(
  "takes %j for none",
  (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  },
);
