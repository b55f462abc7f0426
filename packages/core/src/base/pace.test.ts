import { expect, it } from "vitest";
import { Pace } from "./pace.ts";

const STEPS = 100;

/** After how many of so many steps, of so many milliseconds each, others have had their turn of the main loop. */
async function turnsBeside(milliseconds: number): Promise<number> {
  let hadTurn = false;
  let immediate = setImmediate(function note() {
    hadTurn = true;
    immediate = setImmediate(note);
  });
  const pace = new Pace();
  let turns = 0;
  for (let step = 0; step < STEPS; step++) {
    hadTurn = false;
    const began = performance.now();
    while (performance.now() - began < milliseconds);
    await pace.rest();
    if (hadTurn) turns++;
  }
  clearImmediate(immediate);
  return turns;
}

it("long work lets others have their turn at least every half millisecond", async () => {
  expect(await turnsBeside(0.25)).toBeGreaterThanOrEqual(STEPS / 2 - 1);
});
