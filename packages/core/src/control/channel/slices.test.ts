import { describe, expect, it } from "vitest";
import { SLICE, slicesOf } from "./slices.ts";

async function sliced(parts: Iterable<string | Promise<void>>): Promise<string[]> {
  const slices: string[] = [];
  for await (const slice of slicesOf(parts)) slices.push(slice);
  return slices;
}

/** Work that takes longer than a turn. */
function work(): void {
  const began = performance.now();
  while (performance.now() - began < 1);
}

describe("slices of a text", () => {
  it.each([1, 100, SLICE - 1, SLICE, SLICE + 1, 5 * SLICE + 7])(
    "are full but for the last, of parts of %d",
    async (n) => {
      const parts = Array.from({ length: Math.ceil((3 * SLICE) / n) }, (_, i) => String(i % 10).repeat(n));
      const slices = await sliced(parts);
      expect(slices.join("")).toBe(parts.join(""));
      expect(slices.slice(0, -1).filter((slice) => slice.length !== SLICE)).toEqual([]);
      expect(slices.at(-1)!.length).toBeLessThanOrEqual(SLICE);
    },
  );

  it("are full also when rests and waits come between", async () => {
    const parts = function* () {
      for (let i = 0; i < 20; i++) {
        work();
        yield "x".repeat(SLICE / 8);
        yield Promise.resolve();
      }
    };
    expect((await sliced(parts())).map(({ length }) => length)).toEqual([SLICE, SLICE, SLICE / 2]);
  });

  it("leave others their turn while they are made", async () => {
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const parts = function* () {
      for (let i = 0; i < 20; i++) {
        work();
        yield "x";
      }
    };
    await sliced(parts());
    clearInterval(counting);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  it("are none of an empty text", async () => {
    expect(await sliced([""])).toEqual([]);
  });
});
