import { freebsd } from "@kotare/netio/systems/freebsd";
import { linux } from "@kotare/netio/systems/linux";
import { expect, it } from "vitest";
import { nameOfProcess } from "./process-name.ts";

it.each([
  { name: "Linux", system: linux },
  { name: "FreeBSD", system: freebsd },
])("what a process is called is known as on $name", ({ system }) => {
  expect(nameOfProcess(process.pid, system)).toBe(nameOfProcess(process.pid));
  expect(nameOfProcess(process.pid, system)).not.toBe("");
  expect(nameOfProcess(2 ** 22 + 1, system)).toBe("");
});
