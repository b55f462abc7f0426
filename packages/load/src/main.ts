/** dhcp-load: plays DHCP clients at a rate, and tells what a server makes of them. */
import { writeFileSync } from "node:fs";
import { PlainError } from "@kotare/core/base/plain-error";
import { VERSION } from "@kotare/core/daemon/version";
import { writeOptionCompletion } from "@kotare/core/tools/option-completion";
import { type Output, parseArguments } from "./arguments.ts";
import { command, LoadExit } from "./command-line.ts";
import type { Plan } from "./plan.ts";
import { plotPercentiles } from "./results/percentile-plot.ts";
import { type LoadReport, lossOf } from "./results/report.ts";
import { formatReport } from "./results/report-text.ts";
import { StatusLine } from "./results/status-line.ts";
import { type Played, play } from "./run/play.ts";

/** A share of the exchanges that may be left out where the numbers are still about the server. */
const MAX_SKIPPED = 0.01;

const complain = (what: string) => process.stderr.write(`${command.program}: ${what}\n`);

async function main(words: readonly string[]): Promise<number> {
  const given = parseArguments(words);
  switch (given.kind) {
    case "help":
      process.stdout.write(given.text);
      return LoadExit.ok;
    case "version":
      process.stdout.write(`${VERSION}\n`);
      return LoadExit.ok;
    case "completion":
      process.stdout.write(writeOptionCompletion(command));
      return LoadExit.ok;
    case "wrong":
      complain(`${given.what}\nTry '${command.program} --help'.`);
      return LoadExit.usage;
    case "play":
      return await run(given.plan, given.output);
  }
}

async function run(plan: Plan, output: Output): Promise<number> {
  const early = new AbortController();
  // Once: whoever asks twice wants it to end at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => early.abort());
  const line = new StatusLine();
  try {
    const played = await play(plan, line, early.signal);
    line.clear();
    write(played, output);
    return exitOf(played.report, output.maxLoss);
  } catch (error) {
    line.clear();
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof PlainError) && code === undefined) throw error;
    complain(
      code === "EPERM" || code === "EACCES" ? `${message}: be root, or see --help for the rights needed` : message,
    );
    return LoadExit.failed;
  }
}

function write({ report, curves, leases }: Played, output: Output): void {
  // Who wants something for programs there does not want it among a text for people.
  if (output.json !== "-" && output.leases !== "-") {
    writeTo("-", [...formatReport(report), "", ...plotPercentiles(curves)]);
  }
  if (output.json !== undefined) writeTo(output.json, [JSON.stringify(report)]);
  if (output.leases !== undefined) writeTo(output.leases, [...leases]);
}

/** @param file `-` for the standard output */
function writeTo(file: string, lines: readonly string[]): void {
  const text = lines.map((line) => `${line}\n`).join("");
  if (file === "-") process.stdout.write(text);
  else writeFileSync(file, text);
}

function exitOf(report: LoadReport, maxLoss: number): number {
  const isSlow = report.steps.some(({ begun, skipped }) => skipped > MAX_SKIPPED * (begun + skipped));
  if (isSlow) return LoadExit.slow;
  return lossOf(report) > maxLoss ? LoadExit.lost : LoadExit.ok;
}

process.exitCode = await main(process.argv.slice(2));
