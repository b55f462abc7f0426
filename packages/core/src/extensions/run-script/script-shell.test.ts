/** Scripts that are called beside service, of every kind. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { type ScriptLimits, ScriptShell } from "./script-shell.ts";

let folder: string;
let said: string[];
const log = {
  debug: () => {},
  info: () => {},
  warn: (text: string) => void said.push(text.replaceAll(folder, "")),
  error: () => {},
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "script-"));
  said = [];
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** @param body of the script, which finds its folder in `$d` */
function shellFor(body: string, limits: Partial<ScriptLimits> = {}): ScriptShell {
  const path = join(folder, "it's.sh");
  writeFileSync(path, `#!/bin/sh\nd=$\{0%/*}\n${body}\n`);
  chmodSync(path, 0o755);
  const shell = new ScriptShell(path, log, { running: 2, waiting: 100, patience: 60_000, ...limits });
  onTestFinished(() => shell.stop());
  return shell;
}

const until = (check: () => void) => vi.waitFor(check, 60_000);

it("a script gets its argument and its environment, and nothing else", async () => {
  const shell = shellFor('echo "$1" >"$d/argument"; /usr/bin/env >"$d/new"; /bin/mv "$d/new" "$d/environment"');
  shell.call("lease4_renew", { A: "it's $HOME", B: "two\nlines", C: "", D: "é\0" });
  await until(() => expect(existsSync(join(folder, "environment"))).toBe(true));
  const lines = readFileSync(join(folder, "environment"), "latin1").trimEnd().split("\n");
  expect(lines.filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line)).sort()).toEqual([
    "A=it's $HOME",
    "B=two",
    "C=",
    "D=é",
    "lines",
  ]);
  expect(readFileSync(join(folder, "argument"), "utf8")).toBe("lease4_renew\n");
});

it("one that fails is named, and the next call is made all the same", async () => {
  const shell = shellFor('echo x >>"$d/calls"; exit 3');
  for (let i = 0; i < 3; i++) shell.call("p", {});
  await until(() => expect(readFileSync(join(folder, "calls"), "utf8")).toBe("x\nx\nx\n"));
  await until(() => expect(said).toEqual(["/it's.sh p has failed: exit status 3"]));
  await shell.stop();
  expect(said.slice(1)).toEqual(["/it's.sh p has failed: exit status 3 (the last of 2 such messages)"]);
});

it("one that has been removed meanwhile is named", async () => {
  const shell = shellFor("");
  rmSync(join(folder, "it's.sh"));
  shell.call("p", {});
  await until(() => expect(said).toEqual(["/it's.sh p has failed: exit status 127"]));
});

it("one that hangs is stopped, and makes room", async () => {
  const shell = shellFor('if [ "$1" = hang ]; then exec /bin/sleep 1000; fi; echo >"$d/done"', { patience: 300 });
  for (let i = 0; i < 2; i++) shell.call("hang", {});
  shell.call("p", {});
  await until(() => expect(existsSync(join(folder, "done"))).toBe(true));
  expect(said[0]).toBe("/it's.sh hang has not ended after 0.3 s and is stopped");
});

it("some run at a time, some wait, and no more are kept", async () => {
  const body = '/bin/mkdir "$d/on.$$"; while [ ! -e "$d/go" ]; do /bin/sleep 0.01; done; echo >>"$d/calls"';
  const shell = shellFor(body, { running: 3, waiting: 4 });
  for (let i = 0; i < 3 + 4 + 2; i++) shell.call("p", {});
  const running = () => readdirSync(folder).filter((name) => name.startsWith("on.")).length;
  await until(() => expect(running()).toBe(3));
  expect(said).toEqual(["/it's.sh p was not called: 4 calls wait already, since the script is too slow"]);
  expect(existsSync(join(folder, "calls"))).toBe(false);
  writeFileSync(join(folder, "go"), "");
  await until(() => expect(readFileSync(join(folder, "calls"), "utf8")).toBe("\n".repeat(7)));
});
