/** A package with faults on purpose, planted in the workspace for as long as a test looks at it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "./source-files.ts";

/** Not hidden and not ignored, else the tools would not look at it. */
const FOLDER = join(repositoryRoot, "packages/presubmit-planted");

/** @param files text by path in the package */
export function plant(files: Readonly<Record<string, string>>): Disposable {
  for (const [path, text] of Object.entries(files)) {
    const file = join(FOLDER, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { [Symbol.dispose]: () => rmSync(FOLDER, { recursive: true, force: true }) };
}

/** Runs a tool of the workspace from its root; what it prints, on both channels. */
export function runTool(name: string, ...words: string[]): { status: number | null; output: string } {
  const tool = join(repositoryRoot, "node_modules/.bin", name);
  const { status, stdout, stderr } = spawnSync(tool, words, { cwd: repositoryRoot, encoding: "utf8" });
  return { status, output: stdout + stderr };
}
