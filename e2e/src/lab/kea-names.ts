/** Whether the services of a system go by the names of Kea's. */
import { VERSION } from "@kotare/core/daemon/version";
import { expect } from "vitest";
import type { BootedSystem } from "./system.ts";

const KEA_NAMES = { dhcp4d: "kea-dhcp4", dhcp6d: "kea-dhcp6", d2d: "kea-dhcp-ddns" };

/** Stork's agent finds each service: by its process's name, then by its command line, then by what that answers to -v. */
export function expectKeaNames(booted: BootedSystem): void {
  for (const [daemon, name] of Object.entries(KEA_NAMES)) {
    const { MainPID: pid } = booted.show(daemon, "MainPID");
    expect(booted.run("cat", `/proc/${pid}/comm`)).toBe(`${name}\n`);
    const words = booted.run("cat", `/proc/${pid}/cmdline`).split("\0").slice(0, -1);
    const [program, file] = new RegExp(`^(\\S*?${name})\\s+.*-c\\s+(\\S+)`).exec(words.join(" "))!.slice(1);
    expect([program, file]).toEqual([`/usr/sbin/${name}`, `/etc/kotare/${daemon}.conf`]);
    expect(words.findIndex((word) => word.startsWith("-"))).toBe(words.indexOf("-c"));
    expect(booted.run(program!, "-v")).toBe(`3.0.4\n${daemon} ${VERSION}\n`);
  }
}
