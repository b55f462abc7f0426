/** A clock that is wrong, for a program that is to be started. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "./program.ts";

export const hasOtherClocks = findProgram("faketime") !== undefined;

/** What to start the program with. @param seconds by which its clock is ahead */
export function otherClock(seconds: number): readonly string[] {
  const lib = join(dirname(findProgram("faketime")!), "../lib");
  const machine = readdirSync(lib).find((name) => name.includes("-linux-gnu"))!;
  const library = join(lib, machine, "faketime/libfaketimeMT.so.1");
  const offset = `${seconds < 0 ? "" : "+"}${seconds}s`;
  // Timers go by the other clock.
  return ["env", `LD_PRELOAD=${library}`, `FAKETIME=${offset}`, "FAKETIME_DONT_FAKE_MONOTONIC=1"];
}
