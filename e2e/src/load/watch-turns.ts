/** The turns of a daemon's main loop: how much processor time each takes, while which packets wait. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Server } from "../subject/server.ts";
import { top } from "../top.ts";

/** In the folder of the server: what `turns.c` writes. */
const TURNS = "turns";

/** A command that starts a daemon of which the turns are wanted. */
export const UNDER_TURNS: readonly string[] = ["env", `LD_PRELOAD=${join(top, "e2e/dist/turns.so")}`, `TURNS=${TURNS}`];

/** @returns what tells the turns from now on that took more than a millisecond of processor time, in milliseconds */
export function watchTurns(server: Server): () => readonly number[] {
  const file = join(dirname(server.configFile), TURNS);
  const turns = () => readFileSync(file, "latin1").split("\n").slice(0, -1).map(Number);
  const before = turns().length;
  return () => turns().slice(before);
}

/** How many were long, and the longest. @param most milliseconds that a turn may take */
export function formatTurns(turns: readonly number[], most: number): string {
  return (
    `${turns.length} turns of the main loop took more than 1 ms of processor time, ` +
    `${turns.filter((turn) => turn > most).length} more than ${most} ms, the longest ${Math.max(0, ...turns).toFixed(1)} ms`
  );
}
