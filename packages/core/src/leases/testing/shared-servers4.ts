/** Servers that share a database in memory, for tests. */
import { ManualClock } from "../../base/clock.ts";
import { SharedStore4 } from "../database/shared-store4.ts";
import type { LeaseBatch4, PoolCursor4 } from "../model/lease-store4.ts";
import type { Lease4 } from "../model/lease4.ts";
import { MemoryDatabase4 } from "./memory-database4.ts";
import { family4 } from "./test-families.ts";

export const NOW = 1_800_000_000;
/** The address of member 0. */
export const FIRST = family4.lease(0).address;

export function lease(member: number, client: number, change: Partial<Lease4> = {}): Lease4 {
  return { ...family4.lease(member, {}, client), ...change };
}

export function setUp(servers = 2) {
  const database = new MemoryDatabase4();
  const clock = new ManualClock(NOW);
  return { database, clock, stores: Array.from({ length: servers }, () => new SharedStore4(database, clock)) };
}

/** A batch that has looked up a client and some members. */
export async function lookUp(store: SharedStore4, client: number, ...members: number[]): Promise<LeaseBatch4> {
  const batch = store.begin();
  family4.view(batch).heldBy(client);
  for (const member of members) batch.byAddress(FIRST + member);
  await batch.load();
  return batch;
}

export async function find(batch: LeaseBatch4, pool: PoolCursor4, now = NOW): Promise<number | undefined> {
  for (;;) {
    const { missed } = batch;
    const found = batch.available(pool, now);
    if (batch.missed === missed) return found === undefined ? undefined : found - FIRST;
    await batch.load();
  }
}
