/** Runs a test file again inside a network namespace of its own, and shows its results as if it had run here. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Interface } from "../interfaces/interface.ts";
import { listInterfaces } from "../interfaces/interfaces.ts";

const MARK = "KOTARE_IN_NAMESPACE";
const TOP = fileURLToPath(new URL("../../../..", import.meta.url));

/** The part of vitest's JSON report that we read. */
interface Report {
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: "passed" | "failed" | "skipped" | "pending" | "todo";
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/**
 * Registers `tests` when the file already runs inside; outside it runs `file` (its `import.meta.url`) inside and registers
 * one test for each result. Where no namespace can be had: one skipped test with the reason.
 */
export function testInNamespace(file: string, tests: () => void): void {
  if (process.env[MARK] !== undefined) {
    tests();
    return;
  }
  const found = findNamespace();
  if ("reason" in found) {
    test("in a network namespace", ({ skip }) => skip(`no network namespace: ${found.reason}`));
    return;
  }
  for (const { assertionResults, message } of runInside(found.flags, fileURLToPath(file)).testResults) {
    if (assertionResults.length === 0) throw new Error(`no tests ran in the namespace: ${message}`);
    for (const { fullName, status, failureMessages } of assertionResults) {
      if (status === "passed" || status === "failed") {
        test(fullName, () => expect(failureMessages?.join("\n") ?? "", "in the namespace").toBe(""));
      } else test(fullName, ({ skip }) => skip("skipped in the namespace"));
    }
  }
}

/** Runs `ip` with each of the commands. Only for tests that run inside. */
export function ip(...commands: string[]): void {
  if (process.env[MARK] === undefined) throw new Error("this would change the host's own network");
  execFileSync("ip", ["-batch", "-"], { input: commands.join("\n") });
}

/** The interface of that name as it is now. */
export function findInterface(name: string): Interface {
  const found = [...listInterfaces().values()].find((link) => link.name === name);
  if (found === undefined) throw new Error(`no interface ${name}`);
  return found;
}

/** Root makes one directly; an ordinary user, and root in a container, inside a user namespace. */
function findNamespace(): { readonly flags: string } | { readonly reason: string } {
  let reason = "";
  for (const flags of process.getuid?.() === 0 ? ["-nm", "-Urnm"] : ["-Urnm"]) {
    const { status, stderr, error } = spawnSync("unshare", [flags, "true"], { encoding: "utf8" });
    if (status === 0) return { flags };
    reason = error?.message ?? stderr.trim();
  }
  return { reason };
}

function runInside(unshareFlags: string, file: string): Report {
  const folder = mkdtempSync(join(tmpdir(), "netio-namespace-"));
  try {
    const output = join(folder, "report.json");
    const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
    // The default loader of the configuration writes into node_modules, which may be read-only.
    const flags = ["--configLoader", "runner", "--testTimeout=60000", "--reporter=json", `--outputFile=${output}`];
    const run = [process.execPath, vitest, "run", "--project", "unit", ...flags, file];
    const { stdout, stderr } = spawnSync("unshare", [unshareFlags, ...run], {
      cwd: TOP,
      encoding: "utf8",
      env: { ...process.env, [MARK]: "1" },
    });
    try {
      return JSON.parse(readFileSync(output, "utf8")) as Report;
    } catch (error) {
      throw new Error(`vitest in the namespace made no report:\n${stdout}${stderr}`, { cause: error });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
