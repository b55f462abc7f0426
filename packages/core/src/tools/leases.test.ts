import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import { dhcp4Family } from "../config/dhcp4-family.ts";
import type { LeaseMover } from "../daemon/offline/lease-mover.ts";
import { leases } from "./leases.ts";

const program = { name: "dhcp4d", summary: "", exampleConfig: "/nosuch.conf", callExample: "", ports: true };
const DONE = { put: 3, present: 2, newer: 0, refused: 0 };

let folder: string;
let printed: string;
let complaints: string;
let moved: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-leases-"));
  printed = "";
  complaints = "";
  moved = [];
  writeFileSync(join(folder, "good.conf"), '{ "Dhcp4": { "lease-database": { "type": "memfile", "name": "x.csv" } } }');
  writeFileSync(join(folder, "bad.conf"), '{ "Dhcp4": { "lease-databse": {} } }');
});
afterEach(() => rmSync(folder, { recursive: true }));

const mover: LeaseMover<Dhcp4Config> = {
  export(config, file) {
    moved.push(`${config["lease-database"].name} to ${file}`);
    return Promise.resolve(7);
  },
  import(config, file, { onKept }) {
    moved.push(`${file} to ${config["lease-database"].name}`);
    if (file === "broken.csv") return Promise.reject(new Error("broken.csv:1: no header"));
    if (file !== "old.csv") return Promise.resolve(DONE);
    for (let i = 0; i < 150; i++) onKept(`10.0.0.${i}`, i === 0 ? "refused" : "newer");
    return Promise.resolve({ ...DONE, newer: 149, refused: 1 });
  },
};

function run(line: string): Promise<number> {
  const words = line.split(" ").map((word) => word.replace(/(good|bad)\.conf/, join(folder, "$&")));
  return leases(words, { keaName: "kea-dhcp4", family: dhcp4Family, program }, mover, {
    out: (text) => {
      printed += text;
    },
    complain: (text) => {
      complaints += text;
    },
    isTerminal: false,
  });
}

describe("dhcp4d leases", () => {
  test.each([
    ["export -c good.conf new.csv", "x.csv to new.csv", "7 leases are in new.csv\n"],
    ["import new.csv --config good.conf", "new.csv to x.csv", "3 leases were imported, 2 were there already\n"],
  ])("%s", async (line, what, answer) => {
    expect(await run(line)).toBe(0);
    expect(moved).toEqual([what]);
    expect(printed).toBe(answer);
    expect(complaints).toBe("");
  });

  it("names what was not imported, a hundred at most, and ends with 4", async () => {
    expect(await run("import -c good.conf old.csv")).toBe(4);
    expect(complaints).toMatch(/^dhcp4d leases: 10\.0\.0\.0: cannot be stored\ndhcp4d leases: 10\.0\.0\.1: .*newer/);
    expect(complaints.split("\n").filter((line) => line.includes(": 10.0.0."))).toHaveLength(100);
    expect(printed).toBe(
      "3 leases were imported, 2 were there already, 149 stayed as they were: newer or as new, 1 cannot be stored\n",
    );
  });

  test.each([
    ["import -c good.conf broken.csv", 1, "dhcp4d leases: broken.csv:1: no header\n"],
    ["import -c bad.conf new.csv", 1, "Dhcp4.lease-databse: is not a known key"],
    ["import -c /nosuch.conf new.csv", 1, "/nosuch.conf"],
    ["import -c good.conf", 64, "export or import, and one FILE"],
    ["import -c good.conf a.csv b.csv", 64, "export or import, and one FILE"],
    ["move -c good.conf a.csv", 64, "export or import, and one FILE"],
    ["import --force -c good.conf a.csv", 64, "Unknown argument: force"],
  ])("%s ends with %i", async (line, code, why) => {
    expect(await run(line)).toBe(code);
    expect(complaints).toContain(why);
    expect(printed).toBe("");
  });

  it("explains itself", async () => {
    expect(await run("--help")).toBe(0);
    expect(printed).toMatch(/dhcp4d leases export .*dhcp4d leases import -c new\.conf.*Exit codes:/s);
  });
});
