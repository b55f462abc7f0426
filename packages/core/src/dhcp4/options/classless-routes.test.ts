import { describe, expect, it } from "vitest";
import { parseHex } from "../../base/hex.ts";
import { Reader } from "../../wire/reader.ts";
import { classlessRoutes } from "./classless-routes.ts";

const decode = (hex: string): string => classlessRoutes.format(classlessRoutes.decode(new Reader(parseHex(hex)!)));

describe("classlessRoutes", () => {
  // The examples of RFC 3442, each with a router behind it.
  it.each([
    ["00", "0.0.0.0/0"],
    ["080a", "10.0.0.0/8"],
    ["180a0000", "10.0.0.0/24"],
    ["100a11", "10.17.0.0/16"],
    ["180a1b81", "10.27.129.0/24"],
    ["190a22e980", "10.34.233.128/25"],
    ["200ac60001", "10.198.0.1/32"],
  ])("RFC 3442: %s is %s", (hex, prefix) => {
    expect(decode(`${hex}c0000201`)).toBe(`${prefix} - 192.0.2.1`);
  });

  it("RFC 3442: bits beyond the mask do not count", () => {
    expect(decode("090affc0000201")).toBe("10.128.0.0/9 - 192.0.2.1");
  });

  it.each([
    ["", /needs 1 bytes/],
    ["210a00000000c0000201", /prefix length at offset 1: is 33, expected at most 32/],
    ["180a00", /destination/],
    ["080ac00002", /router at offset 2: needs 4 bytes, 3 are left/],
    ["080ac0000201ff", /is 255/],
  ])("refuses %s", (hex, message) => {
    expect(() => decode(hex)).toThrow(message);
  });
});
