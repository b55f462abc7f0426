// How StrykerJS mutates the code; what it mutates is said by e2e/bin/mutate.

export default {
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  // Of what is named with its lines, Vitest does not know which tests are related.
  vitest: { configFile: "vitest.mutate.config.ts", related: process.env.SAMPLE === undefined },
  // Only the tests that run a place are run for it, those of importing files beforehand to learn which.
  coverageAnalysis: "perTest",
  // What runs once, as a file is loaded, belongs to no test.
  ignoreStatic: true,
  // Texts are for people, and an object without its keys does not compile.
  mutator: { excludedMutations: ["StringLiteral", "ObjectLiteral"] },
  concurrency: 2,
  // All tests, on a machine that has other things to do, too; five would be the default.
  dryRunTimeoutMinutes: 30,
  thresholds: { high: 95, low: 85, break: 85 },
  // What Stryker asks of TypeScript is not in version 7; nothing in our file needs to be rewritten for the copy.
  tsconfigFile: "none",
  ignorePatterns: [".cache", "deploy/dist", "docs", "e2e"],
  tempDirName: ".cache/mutate",
  reporters: ["progress-append-only", "clear-text", "json"],
  jsonReporter: { fileName: ".cache/mutate.json" },
  clearTextReporter: { allowEmojis: false, logTests: false, reportTests: false },
};
