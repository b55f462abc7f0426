/**
 * bench [--quick] [ROW…]: measures dhcp4d and Debian's Kea in one run on this machine, and prints ratios; an absolute
 * number is noise. Runs inside e2e/bin/in-lab. The results stay in .cache/bench.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { costRow, loggingRow, overloadRow, peakRow, subnetsRow } from "./bench/rates.ts";
import { FULL, type Measured, QUICK, type Row } from "./bench/row.ts";
import { checkRow, lastAddressRow, reloadRow, startRow } from "./bench/scale.ts";
import { findProgram } from "./lab/program.ts";
import { top } from "./top.ts";

const rows: readonly Row[] = [
  peakRow,
  costRow,
  startRow,
  reloadRow,
  subnetsRow,
  overloadRow,
  loggingRow,
  checkRow,
  lastAddressRow,
];

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2);
}

function table(results: readonly Measured[]): string {
  const lines = results.map(({ measure, unit, values, ratio, target, met }) => {
    const sides = Object.entries(values).map(([name, value]) => `${name} ${format(value)} ${unit}`.trim());
    return `| ${measure} | ${sides.join(" · ")} | ${ratio.toFixed(2)} | ${target} | ${met ? "yes" : "NO"} |`;
  });
  return ["| measure | both sides | ratio | target | met |", "|---|---|---|---|---|", ...lines].join("\n");
}

const { values: flags, positionals } = parseArgs({ options: { quick: { type: "boolean" } }, allowPositionals: true });
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0)
  throw new Error(`no such row: ${unknown.join(", ")}; rows: ${rows.map((row) => row.name).join(", ")}`);
if (findProgram("kea-dhcp4") === undefined || findProgram("perfdhcp") === undefined) {
  throw new Error("kea-dhcp4-server and kea-admin (perfdhcp) are needed; see .cache/debian/missing");
}

const effort = flags.quick === true ? QUICK : FULL;
const results: Measured[] = [];
for (const row of rows.filter((each) => positionals.length === 0 || positionals.includes(each.name))) {
  console.log(`\n== ${row.name}`);
  results.push(...(await row.measure(effort, (line) => console.log(line))));
}
console.log(`\n${table(results)}`);
mkdirSync(join(top, ".cache"), { recursive: true });
writeFileSync(join(top, ".cache/bench.json"), `${JSON.stringify(results, undefined, 2)}\n`);
process.exitCode = results.every((result) => result.met) ? 0 : 1;
