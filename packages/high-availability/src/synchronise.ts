/** Fetches the leases of the partner, page by page: of two that differ the one that its client has asked for last stays. */
import type { CommandAnswer, Lease } from "@kotare/extension";
import { shown } from "./lease-updates.ts";

type Ask = (command: string, args: object) => Promise<CommandAnswer>;

export interface SyncSettings {
  readonly family: 4 | 6;
  readonly serverName: string;
  readonly pageLimit: number;
  /** Seconds that the partner's service may be off for a page. */
  readonly patience: number;
  /** Of the relationship, from 0. */
  readonly index: number;
  /** Whether leases of a subnet are wanted. */
  readonly has: (subnetId: number) => boolean;
}

/** What a partner is known by when it switches a service off. @param index of the relationship, from 0 */
export function remoteOrigin(index: number) {
  return { origin: "ha-partner", "origin-id": 2000 + index };
}

/** Leases that are applied at a time. */
const TOGETHER = 64;

/**
 * Rejects when the partner does not give its leases. Its service is off meanwhile.
 * @param ask gives the partner a command @param own gives this server one
 * @returns how many leases were taken over
 */
export async function synchronise(ask: Ask, own: Ask, settings: SyncSettings): Promise<number> {
  try {
    const taken = await fetchAll(ask, own, settings);
    await tellEnd(ask, settings);
    return taken;
  } catch (error) {
    // It may not be reached at all: then it comes back by itself after a while.
    await ask("dhcp-enable", remoteOrigin(settings.index)).catch(() => undefined);
    throw error;
  }
}

async function fetchAll(
  ask: Ask,
  own: Ask,
  { family, pageLimit, patience, index, has }: SyncSettings,
): Promise<number> {
  let from = "start";
  for (let taken = 0; ; ) {
    await expectSuccess(ask, "dhcp-disable", { "max-period": patience, ...remoteOrigin(index) });
    const answer = await ask(`lease${family}-get-page`, { from, limit: pageLimit });
    const leases = leasesIn(answer);
    const wanted = leases.filter((lease) => has(lease["subnet-id"]));
    for (let at = 0; at < wanted.length; at += TOGETHER) {
      const applied = await Promise.all(wanted.slice(at, at + TOGETHER).map((lease) => apply(lease, own, family)));
      taken += applied.filter((isTaken) => isTaken).length;
    }
    if (leases.length < pageLimit) return taken;
    from = leases.at(-1)!["ip-address"];
  }
}

/** @returns whether it is newer than what was there */
async function apply(lease: Lease, own: Ask, family: 4 | 6): Promise<boolean> {
  const { "ip-address": address, type } = lease;
  const found = await own(`lease${family}-get`, { "ip-address": address, ...(type === undefined ? {} : { type }) });
  const before = found.result === 0 ? (found.arguments as Lease) : undefined;
  if (before !== undefined && before.cltt >= lease.cltt) return false;
  const answer = await own(`lease${family}-update`, { ...shown(lease), "force-create": true, origin: "ha-partner" });
  return answer.result === 0;
}

/** A partner of Kea before 2.0 does not know the first. */
async function tellEnd(ask: Ask, { serverName, index }: SyncSettings): Promise<void> {
  const { result } = await ask("ha-sync-complete-notify", {
    origin: 2000 + index,
    "origin-id": 2000 + index,
    "server-name": serverName,
  });
  if (result !== 0) await expectSuccess(ask, "dhcp-enable", remoteOrigin(index));
}

async function expectSuccess(ask: Ask, command: string, args: object): Promise<void> {
  const { result, text } = await ask(command, args);
  if (result !== 0) throw new Error(`${command}: ${text ?? `result ${result}`}`);
}

/** None is result 3. */
function leasesIn({ result, text, arguments: args }: CommandAnswer): readonly Lease[] {
  if (result !== 0 && result !== 3) throw new Error(`its leases: ${text ?? `result ${result}`}`);
  const leases = (args as { leases?: unknown } | undefined)?.leases ?? [];
  if (!Array.isArray(leases)) throw new Error("its leases are no list");
  return leases as readonly Lease[];
}
