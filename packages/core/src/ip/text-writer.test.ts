import { describe, expect, it } from "vitest";
import { formatIpv4 } from "./ipv4.ts";
import { TextWriter } from "./text-writer.ts";

function written(write: (line: TextWriter) => void): string {
  const line = new TextWriter(1);
  line.reserve(64);
  write(line);
  return line.toString();
}

describe("text written as bytes", () => {
  it.each([0, 7, 10, 4_294_967_295, Number.MAX_SAFE_INTEGER])("has the decimal digits of %d", (value) => {
    expect(written((line) => line.decimal(value))).toBe(String(value));
  });

  it("has every octet of an address in decimal", () => {
    for (let octet = 0; octet < 256; octet++) {
      const address = ((255 - octet) << 24) | (octet << 16) | (octet << 8) | octet;
      expect(written((line) => line.dottedIpv4(address >>> 0))).toBe(formatIpv4(address >>> 0));
    }
  });

  it("has eight hexadecimal digits for 32 bits", () => {
    expect(written((line) => line.hex32(0xbeef))).toBe("0000beef");
    expect(written((line) => line.hex32(0xffff_fff0))).toBe("fffffff0");
  });

  it("has a part of some octets between colons", () => {
    expect(written((line) => line.colonHex(Uint8Array.of(1, 0xab, 2, 3), 1, 3))).toBe("ab:02");
  });

  it.each([8, 9])("has all of %d copied bytes behind what was there", (length) => {
    const bytes = Buffer.from("x".repeat(length));
    expect(
      written((line) => {
        line.copy(bytes);
        line.copy(bytes);
      }),
    ).toBe("x".repeat(2 * length));
  });

  it.each([
    ["Grüße", 2],
    ["a\nb", 1],
    ["del\u007f", 3],
    ["plain ~", 7],
  ])("stops in %j before what is not printable ASCII", (text, count) => {
    const line = new TextWriter(1);
    expect(line.printable(text)).toBe(count);
    expect(line.toString()).toBe(text.slice(0, count));
  });

  it("grows for text of any length and alphabet, and keeps what was there", () => {
    const line = new TextWriter(1);
    line.utf8("東");
    line.utf8("😀".repeat(1000));
    expect(line.toString()).toBe(`東${"😀".repeat(1000)}`);
  });
});
