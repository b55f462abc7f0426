// Unit and contract tests run anywhere; e2e needs network namespaces and is started by e2e/bin/test.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const source = { resolve: { conditions: ["@kotare/source"] }, ssr: { resolve: { conditions: ["@kotare/source"] } } };

/** Files at a time: one more than there are cores, since some always wait. */
const maxWorkers = availableParallelism() + 1;

export const unit = {
  name: "unit",
  include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "deploy/src/**/*.test.ts"],
  exclude: ["packages/presubmit/**"],
  // One load of the sources serves all files of a process.
  isolate: false,
  // For what hangs: a busy machine takes seconds for what else is done in milliseconds.
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

/** In namespaces, with real programs, which take their time. */
const endToEnd = { testTimeout: 240_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    projects: [
      { ...source, test: { ...unit, maxWorkers, sequence: { groupOrder: 0 } } },
      {
        ...source,
        test: { name: "presubmit", include: ["packages/presubmit/src/**/*.test.ts"], sequence: { groupOrder: 1 } },
      },
      {
        ...source,
        test: { name: "e2e", include: ["e2e/**/*.e2e.ts"], ...endToEnd, maxWorkers, sequence: { groupOrder: 2 } },
      },
      // Those that others would disturb, or that would disturb others: last, and one at a time.
      {
        ...source,
        test: {
          name: "alone",
          include: ["e2e/**/*.alone.ts"],
          ...endToEnd,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        ...source,
        test: {
          name: "cluster",
          include: ["e2e/**/*.cluster.ts"],
          ...endToEnd,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
