/** What a batch gives, and takes back: offers are in memory only, and the database hears of leases. */
import { expect, it, vi } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { formatIpv6Key } from "../../ip/ipv6-key.ts";
import { parseIpv6Range } from "../../ip/ipv6-range.ts";
import { LeaseState } from "../model/lease.ts";
import { LeaseType6 } from "../model/lease6.ts";
import { MemoryDatabase4 } from "../testing/memory-database4.ts";
import { family4 } from "../testing/test-families.ts";
import { SharedStore4, family4 as shared4 } from "./shared-store4.ts";
import { type LeaseDatabase6, SharedStore6 } from "./shared-store6.ts";

const NOW = 1_800_000_000;
const OFFERED = { ...family4.lease(5, {}, 1), state: LeaseState.offered };

function setUp() {
  const database = new MemoryDatabase4();
  const store = new SharedStore4(database, new ManualClock(NOW));
  const commit = vi.spyOn(database, "commit");
  async function begin() {
    const batch = store.begin();
    batch.byAddress(OFFERED.address);
    await batch.load();
    return batch;
  }
  return { database, commit, begin };
}

it.each([
  ["that nobody has", []],
  ["over what somebody else has had", [{ ...family4.lease(5, {}, 2), state: LeaseState.reclaimed }]],
])("an offer of a place %s is taken back, and what is below it stays", async (_, below) => {
  const { database, commit, begin } = setUp();
  for (const lease of below) database.leases.set(lease.address, lease);
  (await begin()).put(OFFERED);
  const batch = await begin();
  expect(batch.byAddress(OFFERED.address)).toEqual(OFFERED);
  batch.remove(OFFERED.address);
  expect(await batch.commit()).toEqual({ kind: "durable" });
  expect((await begin()).byAddress(OFFERED.address)).toEqual(below[0]);
  expect(commit).not.toHaveBeenCalled();
});

it("where there is nothing to be taken back, the database hears nothing", async () => {
  const { commit, begin } = setUp();
  const batch = await begin();
  batch.remove(OFFERED.address);
  expect(await batch.commit()).toEqual({ kind: "durable" });
  expect(commit).not.toHaveBeenCalled();
});

/** A batch that knows what two clients have. */
async function beginForTwo() {
  const { database, commit, begin } = setUp();
  const had = family4.lease(5, { cltt: NOW }, 1);
  database.leases.set(had.address, had);
  const batch = await begin();
  for (const client of [1, 2]) family4.view(batch).heldBy(client);
  await batch.load();
  return { had, batch, told: () => commit.mock.lastCall?.[0] };
}

it("what one client gives up and another is given in the same batch is claimed by the other", async () => {
  const { had, batch, told } = await beginForTwo();
  const given = family4.lease(5, { cltt: NOW }, 2);
  batch.put({ ...had, state: LeaseState.reclaimed });
  batch.put(given);
  expect(await batch.commit()).toEqual({ kind: "durable" });
  expect(told()).toMatchObject([{ before: had, after: given, claim: shared4.claimOf(given) }]);
});

it("of what is given and taken back in the same batch the database hears nothing", async () => {
  const { batch, told } = await beginForTwo();
  const given = family4.lease(6, { cltt: NOW }, 2);
  batch.byAddress(given.address);
  await batch.load();
  batch.put(given);
  batch.remove(given.address);
  expect(await batch.commit()).toEqual({ kind: "durable" });
  expect(told() ?? []).toEqual([]);
});

/** Nobody has anything. */
const EMPTY: LeaseDatabase6 = {
  keepsRegistered: false,
  load: () => Promise.resolve({ leases: [], claims: new Map(), crossed: [], counts: new Map() }),
  search: () => Promise.resolve({ gap: undefined, over: [] }),
  commit: () => Promise.resolve(new Set()),
  asKept: (lease) => lease,
  expired: () => Promise.resolve([]),
  forgettable: () => Promise.resolve([]),
  page: () => Promise.resolve([]),
  marked: () => Promise.resolve([]),
  tally: () => Promise.resolve([]),
  countHeld: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};

it("a message with several associations finds something else in the stock of a pool for each", async () => {
  const store = new SharedStore6(EMPTY, new ManualClock(NOW));
  const range = parseIpv6Range("2001:db8::1-2001:db8::3")!;
  const pool = store.openPool({ type: LeaseType6.address, range, excluded: [] });
  const batch = store.begin();
  expect(batch.available(pool, NOW)).toBeUndefined();
  await batch.load();
  const candidates = batch.candidates(pool, NOW, 0.5);
  const found = [1, 2, 3].map(() => formatIpv6Key(candidates.next().value!));
  expect(found).toEqual(["2001:db8::2", "2001:db8::3", "2001:db8::1"]);
  const { missed } = batch;
  expect(candidates.next().value).toBeUndefined();
  // There may be more in the database.
  expect(batch.missed).toBe(missed + 1);
});
