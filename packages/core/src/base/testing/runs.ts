/** How often a property is tried: `RUNS=10` tries each ten times as often as the number in the code. */

const factor = Number(process.env["RUNS"] ?? 1);

/** @param usual the number for a test alone, in which a property may take a second at most; `npm test` tries half of it */
export function runs(usual: number): number {
  return Math.max(1, Math.ceil(usual * factor));
}
