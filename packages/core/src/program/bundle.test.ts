import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getHeapCodeStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Bundle } from "./bundle.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-bundle-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A program that writes a word. */
function write(word: string): void {
  const tell = `require("node:fs").writeFileSync(filename + ".out", ${JSON.stringify(word)})`;
  writeFileSync(join(folder, "daemon.cjs"), `(function (require, filename) { ${tell}; })`);
}

function run(): Bundle {
  const bundle = new Bundle(folder);
  bundle.run();
  return bundle;
}

const told = () => readFileSync(join(folder, "daemon.cjs.out"), "utf8");

it("runs other code of the same length, whatever was kept", () => {
  write("before");
  run().keep();
  run();
  expect(told()).toBe("before");
  write("behind");
  run();
  expect(told()).toBe("behind");
});

it.each(["", "garbage".repeat(100)])("runs a program where '%s' was kept", (kept) => {
  write("told");
  writeFileSync(join(folder, "daemon.cache"), kept);
  run();
  expect(told()).toBe("told");
});

it("loads a module of Node's that most starts do without when something of it is wanted", () => {
  // The process of the tests may have loaded it long ago: what counts is who asks for it.
  const program = `(function (require, filename) {
    const Module = require("node:module");
    const { _load } = Module;
    let isLoaded = false;
    Module._load = function (name) {
      isLoaded ||= name === "node:https";
      return Reflect.apply(_load, this, arguments);
    };
    const https = require("node:https");
    const told = [isLoaded, typeof https.request, isLoaded, "get" in https, typeof { ...https }.Agent];
    Module._load = _load;
    require("node:fs").writeFileSync(filename + ".out", told.join());
  })`;
  writeFileSync(join(folder, "daemon.cjs"), program);
  run();
  expect(told()).toBe("false,function,true,true,function");
});

it("keeps what has been compiled, however seldom it runs", () => {
  const body = Array.from({ length: 1000 }, (_, i) => `if (require.v${i}) require.w${i} = ${i};`).join(" ");
  writeFileSync(join(folder, "daemon.cjs"), `(function (require) { function seldom() { ${body} } seldom(); })`);
  const compiled = () => getHeapCodeStatistics().bytecode_and_metadata_size;
  // All is old at once.
  for (const flag of ["--flush-bytecode", "--stress-flush-code", "--expose-gc"]) setFlagsFromString(flag);
  const collect = runInNewContext("gc") as () => void;
  try {
    collect();
    const before = compiled();
    run();
    collect();
    expect(compiled() - before).toBeGreaterThan(body.length / 2);
  } finally {
    for (const flag of ["--no-stress-flush-code", "--no-expose-gc"]) setFlagsFromString(flag);
  }
});
