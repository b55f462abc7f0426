/** What the installer of a database server makes: made once, and copied for each server. Tests only. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const copyTree = (from: string, to: string) => run("cp", ["-a", "--sparse=always", from, to]);
/** What the end-to-end tests have fetched. */
const FETCHED = /^.*\/\.cache\/debian(?=\/root\/)/;

/**
 * Fills the folder of a new server.
 * @param program of the server: for another version, or another user, it is made anew
 * @param make fills it as the installer does
 */
export async function fillFirst(folder: string, program: string, make: () => Promise<unknown>): Promise<void> {
  const [cache] = FETCHED.exec(program) ?? [];
  if (cache === undefined) {
    await make();
    return;
  }
  const kept = join(cache, "first-data");
  const copy = join(kept, `${basename(program)}-${statSync(program).mtimeMs}-${process.getuid?.()}`);
  if (existsSync(copy)) {
    await copyTree(`${copy}/.`, folder);
    return;
  }
  await make();
  mkdirSync(kept, { recursive: true });
  const unfinished = mkdtempSync(join(kept, "unfinished-"));
  await copyTree(folder, join(unfinished, "copy"));
  try {
    renameSync(join(unfinished, "copy"), copy);
  } catch {
    // Another test has made one meanwhile.
  }
  rmSync(unfinished, { recursive: true, force: true });
}
