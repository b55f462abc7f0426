import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

describe("Writer", () => {
  it("grows to hold whatever is written, in order", () => {
    const piece = fc.oneof(fc.nat(255), fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(fc.nat(8), fc.array(piece), (capacity, pieces) => {
        const writer = new Writer(capacity);
        for (const piece of pieces) {
          if (typeof piece === "number") writer.u8(piece).u16(piece).u32(piece);
          else writer.bytes(piece);
        }
        const reader = new Reader(writer.take());
        for (const piece of pieces) {
          if (typeof piece === "number") {
            expect([reader.u8("u8"), reader.u16("u16"), reader.u32("u32")]).toEqual([piece, piece, piece]);
          } else expect(reader.bytes(piece.length, "bytes")).toEqual(piece);
        }
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  it("gives a copy, so that what is written later does not change it", () => {
    const writer = new Writer(4).u8(1);
    const taken = writer.take();
    writer.u8(2);
    expect(taken).toEqual(Uint8Array.of(1));
  });
});
