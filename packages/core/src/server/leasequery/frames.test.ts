import { expect, test } from "vitest";
import { collectFrames, recycle } from "./frames.ts";

/** A message of so many bytes with this value. */
function collect(value: number, length: number): Uint8Array {
  return collectFrames((add) => {
    add((buffer, start) => {
      buffer.fill(value, start, start + length);
      return length;
    });
  });
}

test.each([10, 5000])("frames of %i bytes stay as they are until they are given back", (length) => {
  const frames = [1, 2, 3].map((value) => collect(value, length));
  for (const [i, bytes] of frames.entries()) {
    expect([...bytes.subarray(0, 2)]).toEqual([length >> 8, length & 0xff]);
    expect(bytes.subarray(2)).toEqual(new Uint8Array(length).fill(i + 1));
  }
});

test("memory that is given back is used again, and what is little holds on to none", () => {
  const first = collect(1, 5000);
  recycle(first);
  const later = [2, 3].map((value) => collect(value, 5000));
  expect(later.map(({ buffer }) => buffer)).toContain(first.buffer);
  expect(collect(4, 10).buffer.byteLength).toBe(12);
});
