import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Linux since 6.12 tells them. */
const OWN = "/proc/self/sched";
const hasSlices = existsSync(OWN) && readFileSync(OWN, "latin1").includes("se.slice");

const addon = fileURLToPath(new URL("../../dist/netio.node", import.meta.url));
const program = `
  const { readdirSync, readFileSync } = require("node:fs");
  const { Worker } = require("node:worker_threads");
  require(${JSON.stringify(addon)}).takeShortSlices();
  new Worker("setInterval(() => undefined, 1000)", { eval: true }).on("online", () => {
    const threads = readdirSync("/proc/self/task").map((id) => readFileSync("/proc/self/task/" + id + "/sched", "latin1"));
    const read = (text, what) => Number(new RegExp("^" + what + " *: *([0-9]+)$", "m").exec(text)[1]);
    console.log(JSON.stringify(threads.map((text) => [read(text, "se.slice"), read(text, "prio")])));
    process.exit();
  });`;

test.skipIf(!hasSlices)(
  "all threads have the least slice, also those that begin later, and keep an operator's nice value",
  () => {
    const output = execFileSync("nice", ["-n", "5", process.execPath, "-e", program], { encoding: "utf8" });
    const threads = JSON.parse(output) as [slice: number, priority: number][];
    expect(threads.length).toBeGreaterThan(5);
    expect(new Set(threads.map(String))).toEqual(new Set(["100000,125"]));
  },
);
