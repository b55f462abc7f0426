import { expect, it } from "vitest";
import { Pace } from "./pace.ts";

const STEPS = 100;

/** Turns of the main loop that others have while work of so many milliseconds a step is done. */
async function turnsBeside(milliseconds: number): Promise<number> {
  let turns = 0;
  let immediate = setImmediate(function count() {
    turns++;
    immediate = setImmediate(count);
  });
  const pace = new Pace();
  for (let step = 0; step < STEPS; step++) {
    const began = performance.now();
    while (performance.now() - began < milliseconds);
    await pace.rest();
  }
  clearImmediate(immediate);
  return turns;
}

it("long work lets others have their turn at least once a millisecond", async () => {
  expect(await turnsBeside(0.5)).toBeGreaterThanOrEqual(STEPS / 2 - 1);
});
