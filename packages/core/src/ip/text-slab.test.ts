import { describe, expect, it } from "vitest";
import { TextSlab } from "./text-slab.ts";

describe("texts of a slab", () => {
  it("stay as they are, however many and long ones come later", () => {
    const slab = new TextSlab();
    const texts = Array.from({ length: 3000 }, (_, i) => `${i} ${"x".repeat(i === 1500 ? 50_000 : i % 100)}`);
    const kept = texts.map((text) => {
      slab.begin(3 * text.length).utf8(text);
      return slab.end();
    });
    expect(kept.map((text) => Buffer.from(text).toString())).toEqual(texts);
  });

  it("share buffers, each of which goes with its texts", () => {
    const slab = new TextSlab();
    const buffers = Array.from({ length: 1000 }, () => {
      slab.begin(300).utf8("x".repeat(100));
      return slab.end().buffer;
    });
    expect(Math.max(...buffers.map((buffer) => buffer.byteLength))).toBe(16 << 10);
    expect(new Set(buffers).size).toBe(7);
  });
});
