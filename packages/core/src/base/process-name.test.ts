import { expect, it } from "vitest";
import { nameOfProcess } from "./process-name.ts";

it.each(["linux", "freebsd"] as const)("what a process is called is known as on %s", (system) => {
  expect(nameOfProcess(process.pid, system)).toBe(nameOfProcess(process.pid, "linux"));
  expect(nameOfProcess(process.pid, system)).not.toBe("");
  expect(nameOfProcess(2 ** 22 + 1, system)).toBe("");
});
