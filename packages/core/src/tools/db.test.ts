import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { dhcp4Family } from "../config/dhcp4-family.ts";
import type { DatabaseAdmin } from "../databases/database-admin.ts";
import { db } from "./db.ts";

const program = { name: "dhcp4d", summary: "", exampleConfig: "/nosuch.conf", callExample: "", ports: true };

let folder: string;
let printed: string;
let complaints: string;
/** What was done to the database. */
let done: string[];
let version: string | undefined;
let faults: readonly string[];
let unreachable: Error | undefined;
/** Milliseconds that a statement takes, and a count. */
let slowness: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-db-"));
  printed = "";
  complaints = "";
  done = [];
  version = undefined;
  faults = [];
  unreachable = undefined;
  slowness = 0;
  for (const type of ["memfile", "mysql", "postgresql"]) {
    const config = { Dhcp4: { "lease-database": { type, name: "kea", password: "secret" } } };
    writeFileSync(join(folder, `${type}.conf`), JSON.stringify(config));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

function pass(onDone: () => void): void {
  if (slowness > 0) vi.advanceTimersByTime(slowness);
  onDone();
}

const admin: DatabaseAdmin = {
  version: () => Promise.resolve(version),
  init(kea) {
    done.push(`init ${kea}`);
    version = kea === "3.0" ? "30.0" : "22.2";
    return Promise.resolve();
  },
  upgrade() {
    done.push("upgrade");
    return Number(version) > 22 ? Promise.resolve() : Promise.reject(new Error(`schema ${version} is unknown`));
  },
  planKea30: () =>
    Promise.resolve(
      [23, 24]
        .filter((step) => step > Number(version))
        .map((step) => ({
          version: `${step}.0`,
          what: `what ${step} has`,
          size: 2,
          run(onStatement = () => {}) {
            for (let i = 0; i < 2; i++) pass(onStatement);
            done.push(`step ${step}`);
            version = `${step}.0`;
            return Promise.resolve();
          },
        })),
    ),
  check(onCounted = () => {}) {
    pass(() => onCounted(1, 4));
    return Promise.resolve(faults);
  },
  close() {
    done.push("close");
    return Promise.resolve();
  },
};

function run(line: string): Promise<number> {
  const words = line.split(" ").map((word) => word.replace(/^\w+\.conf$/, (file) => join(folder, file)));
  const postgresql = () => (unreachable === undefined ? Promise.resolve(admin) : Promise.reject(unreachable));
  return db(
    words,
    { family: dhcp4Family, program, databases: { postgresql } },
    {
      out: (text) => {
        printed += text;
      },
      isTerminal: false,
      complain: (text) => {
        complaints += text;
      },
    },
  );
}

describe("dhcp4d db", () => {
  test.each([
    ["init", undefined, "schema 22.2 has been made\n", ["init 2.6", "close"]],
    ["init --kea 3.0", undefined, "schema 30.0 has been made\n", ["init 3.0", "close"]],
    ["version", "21.0", "21.0\n", ["close"]],
    ["upgrade", "22.2", "22.2\n", ["upgrade", "close"]],
    ["check", "22.2", "schema 22.2 is as it must be\n", ["close"]],
    [
      "upgrade --kea 3.0",
      "22.2",
      "23.0: what 23 has\n24.0: what 24 has\nschema 22.2 has become 24.0, that of Kea 3.0\n",
      ["upgrade", "step 23", "step 24", "close"],
    ],
    ["upgrade --kea 3.0", "24.0", "24.0\n", ["upgrade", "close"]],
    [
      "upgrade --kea 3.0 --dry-run",
      "23.0",
      "schema 23.0 would become 24.0, that of Kea 3.0, on which Kea 2.6 does not run:\n  24.0: what 24 has\n",
      ["close"],
    ],
    ["upgrade --dry-run", "22.2", "schema 22.2 stays; what is ours and missing would be added\n", ["close"]],
  ])("%s", async (action, before, answer, what) => {
    version = before;
    expect(await run(`${action} -c postgresql.conf`)).toBe(0);
    expect(printed).toBe(answer);
    expect(complaints).toBe("");
    expect(done).toEqual(what);
  });

  test.each([
    ["init", "22.2", "it has schema 22.2 already, and is left as it is"],
    ["version", undefined, 'it has no schema: make it with "db init"'],
    ["upgrade", undefined, 'it has no schema: make it with "db init"'],
    ["upgrade", "19.0", "schema 19.0 is unknown"],
  ])("%s on schema %s is refused", async (action, before, why) => {
    version = before;
    expect(await run(`${action} -c postgresql.conf`)).toBe(1);
    expect(complaints).toBe(`dhcp4d db: postgresql database kea: ${why}\n`);
    expect(printed).toBe("");
    expect(done).not.toContain("init");
    expect(done.at(-1)).toBe("close");
  });

  it("prints what a check has found, and ends with 1", async () => {
    version = "22.2";
    faults = ["there is no table lease6", "there is no trigger"];
    expect(await run("check -c postgresql.conf")).toBe(1);
    expect(complaints).toBe("dhcp4d db: there is no table lease6\ndhcp4d db: there is no trigger\n");
  });

  it("shows how far it is where it takes long, and how long that will be", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      slowness = 20_000;
      version = "22.2";
      expect(await run("check -c postgresql.conf")).toBe(0);
      expect(complaints).toBe(`[${"#####".padEnd(20)}]  25 %, 1 of 4 counts of all leases, 0/s, 1 min 0 s left\n`);
      complaints = "";
      expect(await run("upgrade --kea 3.0 -c postgresql.conf")).toBe(0);
      expect(complaints.match(/\d of 4 statements.*/g)).toEqual([
        "1 of 4 statements, 0/s, 1 min 0 s left",
        "2 of 4 statements, 0/s, 40 s left",
        "3 of 4 statements, 0/s, 20 s left",
        "4 of 4 statements, 0/s, 0 s left",
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("takes the database of the configuration where leases are in a file", async () => {
    const control = { "config-databases": [{ type: "postgresql", name: "kea" }] };
    const config = { "lease-database": { type: "memfile" }, "config-control": control };
    writeFileSync(join(folder, "control.conf"), JSON.stringify({ Dhcp4: config }));
    expect(await run("init -c control.conf")).toBe(0);
    expect(done).toContain("init 2.6");
  });

  it("ends with 69 when the database cannot be reached", async () => {
    unreachable = new Error("connect ECONNREFUSED");
    expect(await run("init -c postgresql.conf")).toBe(69);
    expect(complaints).toBe("dhcp4d db: postgresql database kea: connect ECONNREFUSED\n");
  });

  test.each([
    ["init -c memfile.conf", 1, "names no database: lease-database.type is memfile"],
    ["init -c nosuch.conf", 1, "nosuch.conf"],
    ["drop -c postgresql.conf", 64, "one of init, version, upgrade, check"],
    ["init now -c postgresql.conf", 64, "one of init, version, upgrade, check"],
    ["init --force -c postgresql.conf", 64, "Unknown argument: force"],
    ["init --kea 3.1 -c postgresql.conf", 64, 'Choices: "2.6", "3.0"'],
    ["check --dry-run -c postgresql.conf", 64, "--dry-run goes with upgrade only"],
  ])("%s ends with %i", async (line, code, why) => {
    expect(await run(line)).toBe(code);
    expect(complaints).toContain(why);
    expect(done).toEqual([]);
  });

  it("explains itself", async () => {
    expect(await run("--help")).toBe(0);
    expect(printed).toMatch(/dhcp4d db ACTION.*init +Make.*dhcp4d db check -c new\.conf.*Exit codes:/s);
  });
});
