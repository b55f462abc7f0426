/**
 * bench [--quick] [--family 4|6] [ROW…]: measures our daemons and Debian's Kea in one run on this machine, and prints
 * ratios; an absolute number is noise. Runs inside e2e/bin/in-lab. The results stay in .cache/bench.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { answerRow } from "./bench/answers.ts";
import { bulkQueryRow } from "./bench/bulk-query.ts";
import { classesRow, manyClassesRow } from "./bench/classes.ts";
import { configRows } from "./bench/databases/config-rows.ts";
import { databaseRows } from "./bench/databases/database-rows.ts";
import { hostFileRow } from "./bench/databases/host-file-row.ts";
import { hostRows } from "./bench/databases/host-rows.ts";
import { reservationRows } from "./bench/databases/reservation-rows.ts";
import { ddnsRows } from "./bench/dns/ddns.ts";
import { namesRow } from "./bench/dns/names.ts";
import type { BenchFamily } from "./bench/family.ts";
import { family4 } from "./bench/family4.ts";
import { family6 } from "./bench/family6.ts";
import { floodRow } from "./bench/flood.ts";
import { generatorRow, machineRow } from "./bench/generator.ts";
import { hooksRow, pingRow, scriptRow } from "./bench/hooks.ts";
import { httpRows } from "./bench/http/http-rows.ts";
import { listRow } from "./bench/list.ts";
import { longMessageRow } from "./bench/long-message.ts";
import { over6Row } from "./bench/over6.ts";
import { pairRows } from "./bench/pairs/pair-rows.ts";
import { largePoolRow, lastFreeRow } from "./bench/pools.ts";
import { loggingRow, overloadRow, peakRow, subnetsRow } from "./bench/rates.ts";
import { FULL, type Measured, QUICK, type Row } from "./bench/row.ts";
import { checkRow, reloadRow, startRow } from "./bench/scale.ts";
import { sizingRow } from "./bench/sizing.ts";
import { coldRow, costRow, neighbourRow } from "./bench/steady.ts";
import { findProgram } from "./lab/program.ts";
import { top } from "./top.ts";

function rowsOf(family: BenchFamily): Row[] {
  return [
    ...family.crowds.flatMap((crowd) => [peakRow(family, crowd), costRow(family, crowd)]),
    coldRow(family),
    ...(family.family === 4 ? [generatorRow, machineRow, floodRow] : []),
    neighbourRow(family),
    startRow(family),
    reloadRow(family),
    subnetsRow(family),
    overloadRow(family),
    loggingRow(family),
    classesRow(family),
    manyClassesRow(family),
    hooksRow(family),
    scriptRow(family),
    ...(family.family === 4 ? [pingRow(family)] : []),
    checkRow(family),
    sizingRow(family),
    listRow(family),
    bulkQueryRow(family),
    answerRow(family, "statistic-get-all"),
    answerRow(family, "config-get"),
    ...(family.family === 4 ? [...httpRows(family), over6Row] : []),
    namesRow(family),
    largePoolRow(family),
    ...(family.family === 6 ? [longMessageRow(family)] : []),
    ...pairRows(family),
    ...databaseRows(family),
    // One family tells what the databases cost.
    ...(family.family === 4
      ? [...hostRows(family), hostFileRow(family), ...reservationRows(family), ...configRows(family)]
      : []),
    ...family.small.map((ground) => lastFreeRow(family, ground)),
  ];
}

function subjectOf({ family }: Row): string {
  return family === undefined ? "DNS" : `DHCPv${family}`;
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2);
}

/** What a reader must know of the numbers. */
const HEAD = `\
Where the numbers lean. Toward ours: the clients take one of few processors, so that Kea's threads have little to
show on two; each side has its databases' tables as it makes them itself, and ours on Kea's are a row of their own values;
replies under overload are compared with the same server's, and counted where they are sent. Toward Kea: ours syncs each
lease before it answers, Kea does not; ours rewrites its lease file while it is measured, Kea once an hour. Kea has the best
of three settings of its threads, and UDP sockets where clients are behind relays, as they are in DHCPv4. Where the longest
delay counts, what the machine itself was away for is taken off, on both sides: a thread on each processor that comes before
all others sees when nobody has it for two milliseconds. Syncs of the disk are not taken off: the row \`machine\` says how
long they and the clients take alone, and with TMPDIR in memory they take nothing. With reservations in a database ours is
warmed up for 30 s, Kea, which compiles nothing, for 2; all serve at the same rate, which is one that the better Kea
sustains. What an exchange costs there is seen twice: as it is on a machine whose processors sleep between packets, and
beside neighbours that keep them awake and give way to everybody, so that it does not count what it takes to wake up a
processor.`;

function table(results: readonly Measured[]): string {
  const lines = results.map(({ measure, unit, values, ratio, target, met }) => {
    const sides = Object.entries(values).map(([name, value]) => `${name} ${format(value)} ${unit}`.trim());
    return `| ${measure} | ${sides.join(" · ")} | ${ratio.toFixed(2)} | ${target} | ${met ? "yes" : "NO"} |`;
  });
  return ["| measure | both sides | ratio | target | met |", "|---|---|---|---|---|", ...lines].join("\n");
}

const { values: flags, positionals } = parseArgs({
  options: { quick: { type: "boolean" }, family: { type: "string" } },
  allowPositionals: true,
});
const rows = [family4, family6]
  .filter(({ family }) => flags.family === undefined || flags.family === String(family))
  .flatMap(rowsOf);
if (flags.family === undefined) rows.push(...ddnsRows());
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
if (rows.length === 0 || unknown.length > 0) {
  const names = new Set(rows.map((row) => row.name));
  throw new Error(`no such rows: ${unknown.join(", ")}; families: 4, 6; rows: ${[...names].join(", ")}`);
}
for (const program of ["kea-dhcp4", "kea-dhcp6", "kea-dhcp-ddns", "named", "perfdhcp"]) {
  if (findProgram(program) === undefined) throw new Error(`${program} is needed; see .cache/debian/missing`);
}

const effort = flags.quick === true ? QUICK : FULL;
const results: Measured[] = [];
for (const row of rows.filter((each) => positionals.length === 0 || positionals.includes(each.name))) {
  const began = performance.now();
  console.log(`\n== ${subjectOf(row)} ${row.name}`);
  const measured = await row.measure(effort, (line) => console.log(line));
  results.push(...measured.map((each) => ({ ...each, measure: `${subjectOf(row)}: ${each.measure}` })));
  console.log(`   took ${Math.round((performance.now() - began) / 1000)} s`);
}
console.log(`\n${HEAD}\n\n${table(results)}`);
mkdirSync(join(top, ".cache"), { recursive: true });
writeFileSync(join(top, ".cache/bench.json"), `${JSON.stringify(results, undefined, 2)}\n`);
process.exitCode = results.every((result) => result.met) ? 0 : 1;
