/** How often a property is tried: `RUNS=10` tries each ten times as often as `npm test` does. */

const factor = Number(process.env["RUNS"] ?? 1);

/** @param usual the number for `npm test`, in which a property may take a second at most */
export function runs(usual: number): number {
  return Math.max(1, Math.ceil(usual * factor));
}
