import { expect, it } from "vitest";
import { ByteArena } from "./byte-arena.ts";

const SIZES = [0, 1, 8, 9, 128, 129, 130, 1000, 4097, 262_144, 1_000_000];

function fill(arena: ByteArena, ref: number, length: number, byte: number): void {
  arena.chunk(ref).fill(byte, arena.offset(ref), arena.offset(ref) + length);
}

it("gives blocks that do not overlap, whatever their lengths", () => {
  const arena = new ByteArena();
  const blocks = [...SIZES, ...SIZES, ...SIZES].map((length, i) => ({
    ref: arena.allocate(length),
    length,
    byte: i + 1,
  }));
  for (const { ref, length, byte } of blocks) fill(arena, ref, length, byte);
  for (const { ref, length, byte } of blocks) {
    const start = arena.offset(ref);
    const bytes = arena.chunk(ref).subarray(start, start + length);
    expect(bytes.length).toBe(length);
    expect(bytes.every((b) => b === byte)).toBe(true);
  }
});

it("uses the room of released blocks again", () => {
  const arena = new ByteArena();
  const size = () => arena.size;
  const allocateAll = () => SIZES.map((length) => ({ ref: arena.allocate(length), length }));
  let blocks = [...allocateAll(), ...allocateAll()];
  const before = size();
  for (let round = 0; round < 50; round++) {
    for (const { ref, length } of blocks) {
      fill(arena, ref, length, 0xff);
      arena.release(ref, length);
    }
    blocks = [...allocateAll(), ...allocateAll()];
    expect(new Set(blocks.map(({ ref }) => ref)).size).toBe(blocks.length);
  }
  expect(size()).toBe(before);
});

it("wastes at most a quarter of a long block and seven bytes of a short one", () => {
  for (const length of [9, 24, 100, 140, 300, 1025, 60_000]) {
    const arena = new ByteArena();
    const first = arena.allocate(length);
    const room = arena.offset(arena.allocate(length)) - arena.offset(first);
    expect(room).toBeGreaterThanOrEqual(length);
    expect(room).toBeLessThanOrEqual(length <= 128 ? length + 7 : length * 1.25 + 7);
  }
});

it("gives the block that was released last to the next string of about its length", () => {
  const arena = new ByteArena();
  const ref = arena.allocate(17);
  arena.release(ref, 17);
  expect(arena.allocate(25)).not.toBe(ref);
  expect(arena.allocate(24)).toBe(ref);
});
