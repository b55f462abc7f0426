/** What `db put-config` and `db get-config` print, and what they ask of a database. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../base/clock.ts";
import type { ConfigDatabase, StoredConfig } from "../config-database/config-database.ts";
import type { ConfigChanges } from "../config-database/config-document.ts";
import { moveConfig } from "./db-config.ts";

let folder: string;
let file: string;
let printed: string;
let complaints: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "db-config-"));
  file = join(folder, "kea.conf");
  writeFileSync(file, '{"Dhcp4": {"valid-lifetime": 600}}');
  [printed, complaints] = ["", ""];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

const change = { set: "global", name: "valid-lifetime", value: 600, tag: "one" } as const;

/** @param found by `changesOf` @param faults of rows */
async function move(
  action: "put-config" | "get-config",
  found: Partial<ConfigChanges>,
  faults: readonly string[] = [],
) {
  const done: unknown[] = [];
  const database = {
    name: "the database",
    load: (whose: unknown) => {
      done.push(["load", whose]);
      return Promise.resolve({ faults } as unknown as StoredConfig);
    },
    async change(changes: unknown, message: string, onProgress: (done: number, total: number) => void) {
      done.push([changes, message]);
      for (const at of [500, 1000]) {
        await Promise.resolve();
        onProgress(at, 2000);
      }
    },
    close: async () => void done.push("close"),
  } as unknown as ConfigDatabase;
  const store = {
    open: () => Promise.resolve(database),
    changesOf: (_: object, given: object, tag: string) => {
      done.push([given, tag]);
      return { changes: [change], kept: [], lost: [], ...found };
    },
    documentOf: () => ({ Dhcp4: { "valid-lifetime": 600 } }),
  };
  const terminal = {
    out(text: string) {
      printed += text;
    },
    complain(text: string) {
      complaints += text;
    },
    isTerminal: true,
  };
  const isGood = await moveConfig(action, { file, root: "Dhcp4", config: {}, tag: "one" }, store, terminal);
  return { isGood, done };
}

describe("db put-config", () => {
  it("shows how far it has come, and then what is in the database and what stays in the file", async () => {
    let now = 0;
    vi.spyOn(systemClock, "monotonic").mockImplementation(() => {
      now += 1000;
      return now;
    });
    const { isGood, done } = await move("put-config", { kept: ["interfaces-config", "loggers"] });
    expect(isGood).toBe(true);
    expect(done).toEqual([[{ "valid-lifetime": 600 }, "one"], [[change], `put-config ${file}`], "close"]);
    expect(complaints).toContain("]  25 %, 500 of 2000 statements, 500/s, 3 s left");
    expect(complaints).toContain("]  50 %, 1000 of 2000 statements, 500/s, 2 s left");
    expect(complaints).toMatch(/\r *\r$/);
    expect(printed).toBe(
      '1 entries are in the database, for the server "one"\nthese stay in the file: interfaces-config, loggers\n',
    );
  });

  it("changes nothing where something has no place there, and names it", async () => {
    const { isGood, done } = await move("put-config", { lost: ["subnet4[0].reservations"] });
    expect(isGood).toBe(false);
    expect(done).toEqual([[{ "valid-lifetime": 600 }, "one"], "close"]);
    expect(complaints).toBe(
      "subnet4[0].reservations: Kea's tables have no place for it\n" +
        "nothing has been changed: take these out of a copy of the file, and put that\n",
    );
  });
});

describe("db get-config", () => {
  it("prints what there is for the server, and tells rows that are wrong", async () => {
    const { isGood, done } = await move("get-config", {});
    expect(isGood).toBe(true);
    expect(done).toEqual([["load", ["one"]], "close"]);
    expect(JSON.parse(printed)).toEqual({ Dhcp4: { "valid-lifetime": 600 } });
    const wrong = await move("get-config", {}, ["dhcp4_pool.id 7: is wrong"]);
    expect(wrong.isGood).toBe(false);
    expect(complaints).toBe("dhcp4_pool.id 7: is wrong\n");
  });
});
