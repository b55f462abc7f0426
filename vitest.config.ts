// Unit and contract tests run anywhere; e2e needs network namespaces and is started by e2e/bin/test.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const source = { resolve: { conditions: ["@kotare/source"] }, ssr: { resolve: { conditions: ["@kotare/source"] } } };

/** Files at a time: one more than there are cores, since some always wait. */
const maxWorkers = availableParallelism() + 1;

/** Temporary files: in memory where there is such a file system, since databases and journals wait for a disk. */
const inMemory = existsSync("/dev/shm") ? { TMPDIR: "/dev/shm" } : {};

/** For what is asked for again and again until it is so. */
const patient = { poll: { timeout: 60_000 } };

/** For what hangs: a busy machine takes seconds for what else is done in milliseconds. */
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };

export const unit = {
  name: "unit",
  include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "deploy/src/**/*.test.ts"],
  exclude: ["packages/presubmit*/**"],
  // One load of the sources serves all files of a process.
  isolate: false,
  // Such a process comes to hold gigabytes: collected seldom, and by one thread, since others want the cores.
  execArgv: ["--max-semi-space-size=64", "--single-threaded-gc"],
  ...timeouts,
  expect: patient,
  env: inMemory,
};

/** In namespaces, with real programs, which take their time. Files beside each other are of namespaces of their own: shards.mjs. */
const endToEnd = {
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: patient,
  fileParallelism: false,
  env: inMemory,
};

/** The projects that are asked for, if some are: to prepare the others takes longer than many a scene does to load. */
const asked = process.argv.flatMap((word, i, words) => (words[i - 1] === "--project" ? [word] : []));

export default defineConfig({
  test: {
    // Each scene is a process of its own: what the first makes of the sources serves all.
    experimental: { fsModuleCache: true, fsModuleCachePath: ".cache/modules" },
    projects: [
      { ...source, test: { ...unit, maxWorkers, sequence: { groupOrder: 0 } } },
      {
        ...source,
        test: {
          name: "presubmit",
          include: ["packages/presubmit/src/**/*.test.ts"],
          ...timeouts,
          sequence: { groupOrder: 1 },
        },
      },
      ...["e2e", "cluster"].map((name) => ({
        ...source,
        test: { name, include: [`e2e/**/*.${name}.ts`], ...endToEnd, sequence: { groupOrder: 2 } },
      })),
    ].filter(({ test }) => asked.length === 0 || asked.includes(test.name)),
  },
});
