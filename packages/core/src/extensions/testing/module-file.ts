/** Extensions for tests: real modules in files of their own, gone when the test is over. Tests only. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** @param text of the module @returns its path, which no other module ever has */
export function moduleFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "extension-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "extension.mjs");
  writeFileSync(path, text);
  return path;
}

/** An extension `test` whose `start` has this body. */
export function startingWith(body: string, rest = ""): string {
  return moduleFile(
    `export default { name: "test", ${rest} start({ parameters, contexts, log, tell, family, z }) { ${body} } };`,
  );
}
