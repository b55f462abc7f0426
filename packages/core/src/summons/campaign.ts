/** Calls the clients of many leases, so many a second, and reads no more leases at a time than it can call. */
import type { Seconds } from "../base/clock.ts";
import { Pace } from "../base/pace.ts";
import { sleep } from "../base/timer.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { Found } from "../leases/model/lease-store.ts";
import type { Refusal } from "./summoner.ts";

type AnyLease = Lease & { readonly address: number | string };

export interface CampaignParts<L extends AnyLease> {
  page(after: L["address"] | undefined, limit: number): Found<L>;
  isMeant(lease: L): boolean;
  call(lease: L): Refusal | undefined;
  /** Of the lease clock. */
  now(): Seconds;
  readonly signal: AbortSignal;
}

const SECOND = 1000;
/** Leases read at a time, at least: few of them may be meant. */
const LEAST = 100;

/**
 * Who has come since it began is not called for another lease of its own.
 * @param pace clients a second
 * @returns how many it has called
 */
export async function callAll<L extends AnyLease>(parts: CampaignParts<L>, pace: number): Promise<number> {
  const { page, isMeant, call, now, signal } = parts;
  const began = Math.floor(now());
  const work = new Pace();
  let count = 0;
  let leases = await page(undefined, Math.max(pace, LEAST));
  while (leases.length > 0) {
    for (const lease of leases) {
      if (signal.aborted) return count;
      await work.rest();
      if (lease.cltt > began || !isMeant(lease) || call(lease) !== undefined) continue;
      count += 1;
      if (count % pace === 0) await sleep(SECOND, signal).catch(() => undefined);
    }
    leases = await page(leases.at(-1)!.address, Math.max(pace, LEAST));
  }
  return count;
}
