// Adds up vitest's JSON results in a folder, says why tests were skipped, and ends with the one line of `npm test`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const count = { passed: 0, failed: 0, skipped: 0 };
const skips = new Map();
/** Whoever reads only the end must see what failed: a line each, and the first line of why. */
const failures = [];

/** What the setups could not get: package → why. */
const missing = new Map();
for (const name of ["missing", "missing-system", "missing-kea3"]) {
  const missingFile = join(folder, "../debian", name);
  if (!existsSync(missingFile)) continue;
  for (const line of readFileSync(missingFile, "utf8").split("\n")) {
    const [name, ...why] = line.split(": ");
    missing.set(name, why.join(": "));
  }
}

/** A skipped test carries its reason in the name of a group around it, `needs PACKAGE`. */
function reasonOf(test) {
  const lacking = test.ancestorTitles
    .filter((title) => title.startsWith("needs "))
    .map((title) => title.slice("needs ".length))
    .find((name) => missing.has(name));
  return lacking === undefined ? test.fullName : `needs ${lacking}: ${missing.get(lacking)}`;
}

for (const name of readdirSync(folder).filter((each) => each.endsWith(".json"))) {
  for (const file of JSON.parse(readFileSync(join(folder, name), "utf8")).testResults) {
    for (const test of file.assertionResults) {
      if (test.status === "passed") count.passed++;
      else if (test.status === "failed") {
        count.failed++;
        failures.push(`${test.fullName}: ${test.failureMessages.join("\n").split("\n")[0]}`);
      } else {
        count.skipped++;
        skips.set(reasonOf(test), (skips.get(reasonOf(test)) ?? 0) + 1);
      }
    }
    // A file that could not even be loaded has failed without a test to show for it.
    if (file.status === "failed" && file.assertionResults.every((test) => test.status === "passed")) {
      count.failed++;
      failures.push(`${file.name}: ${file.message}`);
    }
  }
}
// What is no test, a runner that died, or an unhandled error outside any test.
const failed = readdirSync(folder).filter((each) => each.endsWith(".failed"));
if (failed.length > 0 && count.failed === 0) count.failed = failed.length;

// A part that could not be run at all.
for (const name of readdirSync(folder).filter((each) => each.endsWith(".skipped"))) {
  count.skipped++;
  skips.set(`all of ${name.replace(".skipped", "")}: ${readFileSync(join(folder, name), "utf8")}`, 1);
}

console.log();
for (const [reason, times] of skips) console.log(`skipped ${times}: ${reason}`);
for (const name of failed) console.log(`failed: ${name.replace(".failed", "")}`);
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
// By some changes no test comes.
const isEmpty = count.passed === 0 && !existsSync(join(folder, "changed.json"));
process.exitCode = count.failed > 0 || isEmpty ? 1 : 0;
