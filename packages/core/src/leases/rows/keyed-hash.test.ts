import { describe, expect, it } from "vitest";
import { bitCount } from "./bitmap.ts";
import { hashAddress, hashBytes } from "./keyed-hash.ts";

const COUNT = 50_000;

function distinct(hashes: Iterable<number>): number {
  return new Set(hashes).size;
}

describe("hashBytes", () => {
  it("spreads keys that differ in a few low bits over all 32 bits and over any of them", () => {
    const key = Buffer.alloc(7);
    const hashes = Array.from({ length: COUNT }, (_, n) => {
      key.writeUInt32BE(n, 3);
      return hashBytes(key);
    });
    // By chance 0.3 pairs of 50,000 would meet in 32 bits; of 65,536 places all but 47 % are then taken.
    expect(distinct(hashes)).toBeGreaterThan(COUNT - 10);
    for (const shift of [0, 8, 16]) {
      const taken = distinct(hashes.map((hash) => (hash >>> shift) & 0xffff)) / 0x1_0000;
      expect(taken).toBeGreaterThan(0.51);
      expect(taken).toBeLessThan(0.56);
    }
  });

  it("changes half of its bits with any one bit of the key", () => {
    for (let length = 1; length <= 17; length++) {
      let changed = 0;
      for (let bit = 0; bit < length * 8; bit++) {
        const key = new Uint8Array(length);
        const before = hashBytes(key);
        key[bit >>> 3] = 1 << (bit & 7);
        changed += bitCount(before ^ hashBytes(key));
      }
      expect(changed / (length * 8)).toBeGreaterThan(11);
      expect(changed / (length * 8)).toBeLessThan(21);
    }
  });

  it("tells keys apart that differ in trailing zeros only", () => {
    expect(distinct(Array.from({ length: 30 }, (_, length) => hashBytes(new Uint8Array(length))))).toBe(30);
  });
});

it("gives no two addresses the same hash, and neighbours different places in high and low bits", () => {
  const hashes = Array.from({ length: COUNT }, (_, n) => hashAddress(0x0a00_0000 + n));
  expect(distinct(hashes)).toBe(COUNT);
  expect(distinct(hashes.map((hash) => hash >>> 20))).toBeGreaterThan(4090);
  expect(distinct(hashes.map((hash) => hash & 0xfff))).toBeGreaterThan(4090);
});
