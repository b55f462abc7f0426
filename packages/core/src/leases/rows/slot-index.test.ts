import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { NO_SLOT } from "./lease-rows.ts";
import { SlotIndex } from "./slot-index.ts";

// The key of a slot is a number, and different keys share hashes: the highest bits, the lowest bits, or all of them.
const hashers: Record<string, (key: number) => number> = {
  "spread over all bits": (key) => Math.imul(key, 0x9e37_79b1),
  "the same in the highest bits": (key) => 0xa800_0000 | (key << 14),
  "the same in the lowest 16 bits": (key) => key << 16,
  "the same for every ten keys": (key) => Math.imul(Math.floor(key / 10), 0x9e37_79b1),
};

it.each(Object.keys(hashers))(
  "finds what a map finds when hashes are %s",
  (name) => {
    const hash = hashers[name]!;
    const someSteps = fc.array(fc.tuple(fc.constantFrom("add", "add", "remove", "replace"), fc.nat(700)), {
      minLength: 100,
      maxLength: 1000,
      size: "max",
    });
    fc.assert(
      fc.property(someSteps, (steps) => {
        const keys: number[] = [-1];
        const index = new SlotIndex<number>((slot, key) => keys[slot] === key);
        const model = new Map<number, number>();
        for (const [step, key] of steps) {
          const held = model.get(key);
          if (step === "add" && held === undefined) {
            model.set(key, keys.push(key) - 1);
            index.add(model.get(key)!, hash(key));
          } else if (step === "remove" && held !== undefined) {
            model.delete(key);
            index.remove(held, hash(key));
          } else if (step === "replace" && held !== undefined) {
            model.set(key, keys.push(key) - 1);
            index.replace(held, model.get(key)!, hash(key));
          }
        }
        for (let key = 0; key <= 700; key++) expect(index.find(key, hash(key))).toBe(model.get(key) ?? NO_SLOT);
      }),
      { numRuns: runs(10) },
    );
  },
  30_000,
);

it("holds a hundred thousand keys and forgets them all again", () => {
  const index = new SlotIndex<number>((slot, key) => slot === key);
  const hash = hashers["spread over all bits"]!;
  const count = 100_000;
  for (let key = 1; key <= count; key++) index.add(key, hash(key));
  for (let key = 1; key <= count; key += 2) index.remove(key, hash(key));
  let wrong = 0;
  for (let key = 1; key <= count; key++) if (index.find(key, hash(key)) !== (key % 2 === 0 ? key : NO_SLOT)) wrong++;
  expect(wrong).toBe(0);
  for (let key = 2; key <= count; key += 2) index.remove(key, hash(key));
  for (let key = 1; key <= count; key++) if (index.find(key, hash(key)) !== NO_SLOT) wrong++;
  expect(wrong).toBe(0);
});

it("does not grow by keys that come and go", () => {
  const index = new SlotIndex<number>((slot, key) => slot === key);
  const hash = hashers["spread over all bits"]!;
  for (let key = 1; key <= 50_000; key++) {
    index.add(key, hash(key % 20));
    index.remove(key, hash(key % 20));
  }
  expect(index.find(1, hash(1))).toBe(NO_SLOT);
});
