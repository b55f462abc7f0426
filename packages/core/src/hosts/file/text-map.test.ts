import fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { TextMap } from "./text-map.ts";

it("has what a map has", () => {
  const text = fc.oneof(
    fc.constantFrom("", "a", "\xff\0", "1 hw-address \x02", "x".repeat(300)),
    fc.string({ maxLength: 2 }),
  );
  const steps = fc.array(fc.tuple(fc.constantFrom("set", "set", "delete"), text, fc.nat(0xffff_ffff)));
  fc.assert(
    fc.property(steps, (all) => {
      const [map, model] = [new TextMap(), new Map<string, number>()];
      for (const [step, key, number] of all) {
        if (step === "set") {
          map.set(key, number);
          model.set(key, number);
        } else {
          map.delete(key);
          model.delete(key);
        }
        for (const [, each] of all) expect(map.get(each)).toBe(model.get(each));
      }
    }),
    { numRuns: runs(100) },
  );
});
