/** The times at which a machine was away: the one under it had taken its processors, and nobody here could do anything. */

/** Milliseconds since 1970. */
export interface Absence {
  readonly from: number;
  readonly to: number;
}

/** @param lines what the witness writes @returns in order, with none over another */
export function readAbsences(lines: readonly string[]): Absence[] {
  const absences: Absence[] = [];
  const all = lines.map((line) => line.split(" ").map(Number) as [number, number]).sort(([a], [b]) => a - b);
  for (const [from, late] of all) {
    const last = absences.at(-1);
    const to = from + late;
    if (last === undefined || from > last.to) absences.push({ from, to });
    else absences[absences.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return absences;
}

/** Somebody waits for a reply. */
interface Wait {
  /** Milliseconds since 1970. */
  readonly sent: number;
  /** Milliseconds. */
  readonly delay: number;
}

/** @returns the delay without the time in which a processor was away, in milliseconds */
export function delayWithout(absences: readonly Absence[], { sent, delay }: Wait): number {
  const overlap = ({ from, to }: Absence) => Math.max(0, Math.min(to, sent + delay) - Math.max(from, sent));
  return delay - absences.reduce((sum, absence) => sum + overlap(absence), 0);
}
