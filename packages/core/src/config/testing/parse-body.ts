/** For tests of configurations: they give the inside of `Dhcp4`, and see faults as text. */
import { expect } from "vitest";
import type { Dhcp4Config } from "../dhcp4-config.ts";
import { dhcp4Family } from "../dhcp4-family.ts";
import { formatFault } from "../fault.ts";
import { parseConfig } from "../load-config.ts";

export const nowhere = {
  read(): string {
    throw new Error("no such file");
  },
};

/** An interface is named, so that nothing is said about interfaces. */
export function parse(body: string) {
  const text = `{ "Dhcp4": { "interfaces-config": { "interfaces": ["eth0"] },\n${body}\n} }`;
  return parseConfig(dhcp4Family, { file: "f", text }, nowhere);
}

/** Formatted, without the file. What stands at each place must be the value or the key that the fault is about. */
export function faultsOf(body: string): string[] {
  const lines = ["", ...body.split("\n")];
  return parse(body).faults.map((fault) => {
    const { place, pointer, at, value } = fault;
    const there = lines[(place?.line ?? 0) - 1]?.slice((place?.column ?? 0) - 1);
    if (at === "key") expect(there?.startsWith(`"${pointer.at(-1)}"`)).toBe(true);
    else if (value !== undefined) expect(there?.startsWith(JSON.stringify(value))).toBe(true);
    return formatFault(fault).replace(/^f:/, "");
  });
}

export function configOf(body: string): Dhcp4Config {
  const loaded = parse(body);
  if (loaded.kind === "refused") throw new Error(loaded.faults.map(formatFault).join("\n"));
  return loaded.config;
}

export const SUBNET = '"id": 1, "subnet": "192.0.2.0/24"';
export const pools = (...texts: string[]) =>
  `"subnet4": [{${SUBNET}, "pools": [${texts.map((text) => `{"pool": "${text}"}`).join(", ")}]}]`;
export const reservations = (...texts: string[]) =>
  `"subnet4": [{${SUBNET}, "reservations": [\n${texts.join(",\n")}]}]`;
export const HW = '"hw-address": "01:02:03:04:05:06"';
