// Runs the end-to-end tests side by side, each file in namespaces of its own, and last, one at a time, the files `*.alone.ts`.
//
// shards.mjs RESULTS [FILTER…] leaves vitest's JSON of each file in the folder RESULTS, and FILE.failed of one that failed.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const scenes = "e2e/scenes";
const [results, ...filters] = process.argv.slice(2);
/** Milliseconds that each file took the last time. */
const durationsFile = join(top, ".cache/durations.json");
const durations = readDurations();

/** Real clients, timers and daemons wait more than they work. */
const LANES = availableParallelism() + 2;

function readDurations() {
  try {
    return JSON.parse(readFileSync(durationsFile, "utf8"));
  } catch {
    return {};
  }
}

/** Those that take longest first; of a file that has not run yet its size stands for its time. */
function list(suffix) {
  const weight = (name) => durations[name] ?? statSync(join(top, scenes, name)).size;
  return readdirSync(join(top, scenes), { recursive: true })
    .filter((name) => name.endsWith(suffix))
    .filter((name) => filters.length === 0 || filters.some((filter) => `${scenes}/${name}`.includes(filter)))
    .sort((a, b) => weight(b) - weight(a));
}

async function run(name, project) {
  const vitest = ["node_modules/.bin/vitest", "run", "--project", project, `${scenes}/${name}`];
  const result = join(results, basename(name, ".ts"));
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${result}.json`];
  const start = performance.now();
  const child = spawn(join(top, "e2e/bin/in-lab"), [...vitest, ...reporters], {
    cwd: top,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => output.push(bytes));
  const code = await new Promise((resolve) => child.once("close", resolve));
  process.stdout.write(Buffer.concat(output));
  durations[name] = Math.round(performance.now() - start);
  if (code !== 0) writeFileSync(`${result}.failed`, "");
}

async function runAll(suffix, project, lanes) {
  const queue = list(suffix).values();
  const work = async () => {
    for (const name of queue) await run(name, project);
  };
  await Promise.all(Array.from({ length: lanes }, work));
}

await runAll(".e2e.ts", "e2e", LANES);
await runAll(".alone.ts", "alone", 1);
writeFileSync(durationsFile, JSON.stringify(durations, undefined, 1));
