// Runs the end-to-end tests side by side, each file in namespaces of its own.
//
// shards.mjs RESULTS [FILTER…] leaves vitest's JSON of each file in the folder RESULTS, and FILE.failed of one that failed.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const scenes = "e2e/scenes";
const [results, ...filters] = process.argv.slice(2);
/** Seconds that each file took the last time it ran here. Copied to `e2e/bin` now and then, they serve a fresh clone. */
const lastFile = join(top, ".cache/seconds.json");
const last = readSeconds(lastFile);
const seconds = { ...readSeconds(join(top, "e2e/bin/seconds.json")), ...last };

/** Real clients, timers and daemons wait more than they work. */
const LANES = availableParallelism() + 4;
/** A minute or two each: played with `E2E_CLIENTS=all`, and where a filter asks for them. */
const LONG = new Set([
  "databases/database-tools.e2e.ts",
  "deploy/packages.e2e.ts",
  "oracle/commands-of-kea3.e2e.ts",
  "oracle/config-get.e2e.ts",
  "oracle/config-in-database.e2e.ts",
  "oracle/hosts-in-database.e2e.ts",
  "oracle/names-with-kea.e2e.ts",
]);
const isThorough = process.env.E2E_CLIENTS === "all" || filters.length > 0;

/** A file that nobody has seen run. */
const UNKNOWN = 60;

function readSeconds(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

/** Those that take longest first. */
function list() {
  const weight = (name) => seconds[name] ?? UNKNOWN;
  return readdirSync(join(top, scenes), { recursive: true })
    .filter((name) => name.endsWith(".e2e.ts") && (isThorough || !LONG.has(name)))
    .filter((name) => filters.length === 0 || filters.some((filter) => `${scenes}/${name}`.includes(filter)))
    .sort((a, b) => weight(b) - weight(a));
}

async function run(name) {
  const vitest = ["node_modules/.bin/vitest", "run", "--project", "e2e", `${scenes}/${name}`];
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
  last[name] = Math.round((performance.now() - start) / 1000);
  if (code !== 0) writeFileSync(`${result}.failed`, "");
}

const queue = list().values();
const work = async () => {
  for (const name of queue) await run(name);
};
await Promise.all(Array.from({ length: LANES }, work));
writeFileSync(lastFile, `${JSON.stringify(last, undefined, 2)}\n`);
