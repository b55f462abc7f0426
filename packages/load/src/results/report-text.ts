/** What a run came to, as people read it. */
import { formatDelay } from "./percentile-plot.ts";
import type { LoadReport, StepReport } from "./report.ts";

const COLUMNS = ["offered/s", "done/s", "lost", "refused", "late", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms"];
const WIDTH = 10;

/** A table with a line for each message of each step, and what else is to be known of the numbers. */
export function formatReport(report: LoadReport): string[] {
  const { steps } = report;
  const names = steps.flatMap(({ legs }) => legs.map(({ name }) => name.length));
  const width = Math.max(...names);
  const lines = [`${"".padEnd(width)}${COLUMNS.map((column) => column.padStart(WIDTH)).join("")}`];
  for (const step of steps) lines.push(...formatStep(step, width));
  return [...lines, ...notes(report)];
}

function formatStep({ legs, seconds }: StepReport, width: number): string[] {
  return legs.map(({ name, sent, answered, lost, refused, late, delays }) => {
    const perSecond = (count: number) => String(Math.round(count / seconds));
    const times = delays === undefined ? [] : [delays.p50, delays.p90, delays.p99, delays.p999, delays.max];
    const cells = [perSecond(sent), perSecond(answered), lost, refused, late, ...times.map(formatDelay)];
    return `${name.padEnd(width)}${cells.map((cell) => String(cell).padStart(WIDTH)).join("")}`;
  });
}

function notes({ steps, foreign, malformed, droppedHere }: LoadReport): string[] {
  const sum = (count: (step: StepReport) => number) => steps.reduce((total, step) => total + count(step), 0);
  const ofLegs = (part: "unsent" | "duplicates" | "moved") =>
    sum(({ legs }) => legs.reduce((total, leg) => total + leg[part], 0));
  const [begun, completed] = [sum((step) => step.begun), sum((step) => step.completed)];
  const found: [number, string][] = [
    [sum(({ skipped }) => skipped), "exchanges did not begin: this host is too slow for the rate"],
    [ofLegs("unsent"), "messages were refused by this host's kernel"],
    [droppedHere, "replies were dropped by this host: they count as lost"],
    [ofLegs("duplicates"), "replies came twice"],
    [ofLegs("moved"), "replies gave a client another lease than it had"],
    [foreign, "replies were for nobody here"],
    [malformed, "replies could not be read"],
  ];
  const lag = Math.max(...steps.map((step) => step.lag));
  return [
    `${completed} of ${begun} exchanges completed, ${begun - completed} did not; the longest began ${formatDelay(lag)} ms late`,
    ...found.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
  ];
}
