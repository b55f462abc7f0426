import { describe, expect, it, test } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import { SharedStore4 } from "../database/shared-store4.ts";
import { LeaseState } from "../model/lease.ts";
import { pagesOf4 } from "../model/lease-pages.ts";
import type { LeaseBatch4 } from "../model/lease-store4.ts";
import type { Lease4 } from "../model/lease4.ts";
import { LeaseTable4 } from "../table/lease-table4.ts";
import { MemoryDatabase4 } from "../testing/memory-database4.ts";
import { family4 } from "../testing/test-families.ts";
import { type ImportCounts, importLeases } from "./import-leases.ts";

const NOW = 1_800_000_000;
const lease = (member: number, change: Partial<Lease4> = {}): Lease4 => ({ ...family4.lease(member), ...change });

function setUp(...there: readonly Lease4[]) {
  const database = new MemoryDatabase4();
  for (const each of there) database.leases.set(each.address, each);
  const kept: [number, string][] = [];
  const seen: number[] = [];
  const run = (...leases: readonly Lease4[]): Promise<ImportCounts> => {
    const table = new LeaseTable4(NOW);
    for (const each of leases) table.put(each);
    return importLeases(pagesOf4(table), {
      store: new SharedStore4(database, new ManualClock(NOW)),
      csv: lease4Csv,
      find: (batch: LeaseBatch4, { address }) => batch.byAddress(address),
      onProgress: ({ put, present, newer, refused }) => seen.push(put + present + newer + refused),
      onKept: ({ address }, kind) => kept.push([address - lease(0).address, kind]),
    });
  };
  return { database, kept, seen, run };
}

const NONE: ImportCounts = { put: 0, present: 0, newer: 0, refused: 0 };

describe("an imported lease", () => {
  const imported = lease(3, { cltt: NOW, hostname: "imported" });
  test.each<[string, Lease4 | undefined, keyof ImportCounts]>([
    ["is put where there is none", undefined, "put"],
    ["is put over an older one", lease(3, { cltt: NOW - 1 }), "put"],
    [
      "is put over an older one of another client",
      { ...lease(4, { cltt: NOW - 1 }), address: imported.address },
      "put",
    ],
    ["is found present when it is there", imported, "present"],
    ["leaves a newer one", lease(3, { cltt: NOW + 1 }), "newer"],
    ["leaves one as new that has been reclaimed", { ...imported, state: LeaseState.reclaimed }, "newer"],
  ])("%s", async (_, there, kind) => {
    const { database, kept, run } = setUp(...(there === undefined ? [] : [there]));
    expect(await run(imported)).toEqual({ ...NONE, [kind]: 1 });
    expect(database.leases.get(imported.address)).toEqual(kind === "put" ? imported : there);
    expect(kept).toEqual(kind === "newer" ? [[3, "newer"]] : []);
  });
});

it("goes on after an interruption, and finds present what it had put", async () => {
  const { database, seen, run } = setUp();
  const leases = Array.from({ length: 2500 }, (_, member) => lease(member));
  const { commit } = database;
  let commits = 0;
  database.commit = (changes) => {
    if (commits++ === 1) database.fault = new Error("the connection is lost");
    return commit.call(database, changes);
  };
  await expect(run(...leases)).rejects.toThrow("the connection is lost");
  database.fault = undefined;
  expect(await run(...leases)).toEqual({ ...NONE, put: 1500, present: 1000 });
  expect([...database.leases.values()]).toEqual(leases);
  expect(seen).toEqual([1000, 1000, 2000, 2500]);
});

it("looks again where another server was quicker, and leaves what that one gave", async () => {
  const { database, kept, run } = setUp();
  const { commit } = database;
  const theirs = lease(1, { cltt: NOW + 5 });
  database.commit = (changes) => {
    database.leases.set(theirs.address, theirs);
    return commit.call(database, changes);
  };
  expect(await run(lease(0), lease(1))).toEqual({ ...NONE, put: 1, newer: 1 });
  expect(database.leases.get(theirs.address)).toEqual(theirs);
  expect(kept).toEqual([[1, "newer"]]);
});

it("gives up on a lease that the database never takes", async () => {
  const { database, kept, run } = setUp();
  const { commit } = database;
  database.commit = async (changes) => {
    const refused = changes.findIndex(({ after }) => after?.hostname === "refused");
    if (refused < 0) return await commit.call(database, changes);
    await commit.call(database, changes.toSpliced(refused, 1));
    return new Set([refused]);
  };
  expect(await run(lease(0), lease(1, { hostname: "refused" }), lease(2))).toEqual({ ...NONE, put: 2, refused: 1 });
  expect(kept).toEqual([[1, "refused"]]);
});
