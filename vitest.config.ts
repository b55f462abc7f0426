// Unit and contract tests run anywhere; e2e needs network namespaces and is started by e2e/bin/test.
import { defineConfig } from "vitest/config";

const source = { resolve: { conditions: ["@kotare/source"] }, ssr: { resolve: { conditions: ["@kotare/source"] } } };

export const unit = {
  name: "unit",
  include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "deploy/src/**/*.test.ts"],
  exclude: ["packages/presubmit/**"],
};

/** In namespaces, with real programs: slow, and one file at a time. */
const endToEnd = { testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      { ...source, test: unit },
      { ...source, test: { name: "presubmit", include: ["packages/presubmit/src/**/*.test.ts"] } },
      { ...source, test: { name: "e2e", include: ["e2e/**/*.e2e.ts"], ...endToEnd } },
      { ...source, test: { name: "cluster", include: ["e2e/**/*.cluster.ts"], ...endToEnd } },
    ],
  },
});
