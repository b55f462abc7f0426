// The unit tests in the copy of the sources that Stryker mutates. Its packages mean each other there: the links in
// node_modules lead to those outside.
import { defineConfig, type Plugin } from "vitest/config";
import { unit } from "./vitest.config.ts";

/** Tests of umask and the like need a process of their own, where Stryker asks for a thread. */
const inProcesses: Plugin = {
  name: "in-processes",
  configureVitest({ project }) {
    project.config.pool = "forks";
  },
};

/** Seconds each, which would be spent again for each place: what they are about is tested one by one elsewhere. */
const slow = [
  "**/*fuzz*.test.ts",
  "**/conflict-freedom*.test.ts",
  "**/memfile-{crash,kill}.test.ts",
  "**/*-cost*.test.ts",
  "packages/{mysql,postgresql}/**",
];

export default defineConfig({
  plugins: [inProcesses],
  resolve: {
    alias: [{ find: /^@kotare\/([^/]+)\/(.+)$/, replacement: `${import.meta.dirname}/packages/$1/src/$2.ts` }],
  },
  test: {
    ...unit,
    exclude: [...unit.exclude, ...slow],
    // Where a mutation makes a loop endless.
    testTimeout: 60_000,
  },
});
