/** How often a property is tried: `RUNS=10` tries each ten times as often as the number in the code. */

const factor = Number(process.env["RUNS"] ?? 1);

/** Of what is alike a part is enough: `npm test` tries each property a quarter as often. */
export const isBrief = factor < 1;

/** @param usual the number for a test alone, in which a property may take a second at most */
export function runs(usual: number): number {
  return Math.max(1, Math.ceil(usual * factor));
}
