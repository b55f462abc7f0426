import { expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { formatIpv6Key } from "../../ip/ipv6-key.ts";
import { parseIpv6Range } from "../../ip/ipv6-range.ts";
import { LeaseType6 } from "../model/lease6.ts";
import { type LeaseDatabase6, SharedStore6 } from "./shared-store6.ts";

const NOW = 1_800_000_000;

/** Nobody has anything. */
const EMPTY: LeaseDatabase6 = {
  load: () => Promise.resolve({ leases: [], claims: new Map(), crossed: [] }),
  search: () => Promise.resolve({ gap: undefined, over: [] }),
  commit: () => Promise.resolve(new Set()),
  asKept: (lease) => lease,
  expired: () => Promise.resolve([]),
  forgettable: () => Promise.resolve([]),
  page: () => Promise.resolve([]),
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
