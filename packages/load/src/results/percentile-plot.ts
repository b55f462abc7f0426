/** Delays as a picture of characters: to the right the rarer ones, upward the longer ones. */
import type { Histogram } from "./histogram.ts";

const WIDTH = 64;
const HEIGHT = 12;
const MARKS = "o+x#";
/** Where the axis has a number. */
const LABELS = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

export interface Curve {
  readonly name: string;
  readonly delays: Histogram;
}

/** @returns lines; none where nothing was answered */
export function plotPercentiles(curves: readonly Curve[]): string[] {
  const shown = curves.filter(({ delays }) => delays.count > 0);
  if (shown.length === 0) return [];
  const most = Math.max(...shown.map(({ delays }) => delays.count));
  // As far as there are delays to tell a percentile by.
  const decades = Math.max(1, Math.log10(most));
  const low = Math.log(Math.max(0.001, Math.min(...shown.map(({ delays }) => delays.min))));
  const high = Math.max(low + 0.1, Math.log(Math.max(...shown.map(({ delays }) => delays.max))));
  const rows = Array.from({ length: HEIGHT }, () => Array<string>(WIDTH).fill(" "));
  for (const [index, { delays }] of shown.entries()) {
    for (let column = 0; column < WIDTH; column++) {
      const delay = delays.percentile(1 - 10 ** ((-decades * column) / (WIDTH - 1)));
      const row = Math.round(((Math.log(Math.max(0.001, delay)) - low) / (high - low)) * (HEIGHT - 1));
      rows[HEIGHT - 1 - row]![column] = MARKS[index % MARKS.length]!;
    }
  }
  const delayAt = (row: number) => Math.exp(low + ((high - low) * (HEIGHT - 1 - row)) / (HEIGHT - 1));
  return [
    ...rows.map((row, i) => `${formatDelay(delayAt(i)).padStart(8)} ms |${row.join("")}`.trimEnd()),
    `${" ".repeat(12)}+${"-".repeat(WIDTH)}`,
    `${" ".repeat(13)}${axis(decades)}`.trimEnd(),
    ...shown.map(({ name }, index) => `${" ".repeat(13)}${MARKS[index % MARKS.length]} ${name}`),
  ];
}

/** Percentiles below their columns, as many as there is room for. */
function axis(decades: number): string {
  let line = "";
  for (const share of LABELS) {
    const column = Math.round((-Math.log10(1 - share) / decades) * (WIDTH - 1));
    const label = `${Number((100 * share).toFixed(3))} %`;
    if (column + label.length > WIDTH + 6 || column < line.length) continue;
    line = `${line.padEnd(column)}${label} `;
  }
  return line;
}

/** Three digits that count. */
export function formatDelay(delay: number): string {
  return delay.toFixed(delay < 10 ? 2 : delay < 100 ? 1 : 0);
}
