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
  /** Seconds by which the clock of a partner of ours is ahead: its leases keep the rest of their time. */
  readonly ahead: number;
  /** Of the relationship, from 0. */
  readonly index: number;
  /** Whether it is the only one. */
  readonly isOnly: boolean;
  /** Whether leases of a subnet are wanted. */
  readonly has: (subnetId: number) => boolean;
  /** Called where some of them cannot be here, as there is no subnet for them. */
  readonly onLeftOut?: () => void;
}

/** What a partner is known by when it switches a service off. @param index of the relationship, from 0 */
export function remoteOrigin(index: number) {
  return { origin: "ha-partner", "origin-id": 2000 + index };
}

/** Has a partner of ours tell its changes while its leases are fetched: its service goes on. */
export const BEGIN = "ha-sync-begin-notify";

/** Leases of a page: from a Kea, which is slower with more, and from one of ours, which serves meanwhile. */
const KEA_PAGE = 1000;
const OUR_PAGE = 1024;
/** Leases that are applied at a time, and characters of rows: about a millisecond of work, as this server may serve meanwhile. */
const TOGETHER = 50;
const LONGEST = 8 * 1024;
/** So often that is done before the first has to be durable. */
const AT_A_TIME = 16;

/**
 * Rejects when the partner does not give its leases.
 * @param ask gives the partner a command @param own gives this server one
 * @returns how many leases were taken over
 */
export async function synchronise(ask: Ask, own: Ask, settings: SyncSettings): Promise<number> {
  const { arguments: commands } = await ask("list-commands", {});
  const isOurs = Array.isArray(commands) && commands.includes(BEGIN);
  return isOurs ? await fromOurs(ask, own, settings) : await fromKea(ask, own, settings);
}

async function fromOurs(ask: Ask, own: Ask, settings: SyncSettings): Promise<number> {
  const { family, serverName, isOnly } = settings;
  await expectSuccess(ask, BEGIN, { "server-name": serverName });
  const leases = isOnly ? rowsOf(ask, family) : leasesOf(ask, settings, () => Promise.resolve());
  const taken = await applyAll(leases, own, settings);
  await expectSuccess(ask, "ha-sync-complete-notify", endOf(settings));
  return taken;
}

/** The partner's service is off meanwhile. */
async function fromKea(ask: Ask, own: Ask, settings: SyncSettings): Promise<number> {
  const origin = remoteOrigin(settings.index);
  const off = () => expectSuccess(ask, "dhcp-disable", { "max-period": settings.patience, ...origin });
  try {
    const taken = await applyAll(leasesOf(ask, settings, off), own, settings);
    const { result } = await ask("ha-sync-complete-notify", endOf(settings));
    // One before 2.0 does not know it.
    if (result !== 0) await expectSuccess(ask, "dhcp-enable", origin);
    return taken;
  } catch (error) {
    // It may not be reached at all: then it comes back by itself after a while.
    await ask("dhcp-enable", origin).catch(() => undefined);
    throw error;
  }
}

function endOf({ serverName, index }: SyncSettings): object {
  return { origin: 2000 + index, "origin-id": 2000 + index, "server-name": serverName };
}

/** The arguments of a command that puts some leases at their addresses. */
type Some = { readonly rows: string } | { readonly leases: readonly object[] };

/** Each page is asked for when the one before has come, and not when that has been taken over. */
async function* rowsOf(ask: Ask, family: 4 | 6): AsyncGenerator<Some> {
  const pageBehind = (from: unknown) => ask(`lease${family}-get-rows`, { from, limit: OUR_PAGE });
  let asked = pageBehind("start");
  for (let from: unknown = "start"; from !== undefined; ) {
    const { rows, last } = argumentsOf(await asked);
    from = nextPage(from, last);
    if (from !== undefined) asked = pageBehind(from);
    // It may fail before it is waited for.
    asked.catch(() => undefined);
    for (const part of partsOf(String(rows))) yield { rows: part };
  }
}

/** Whole rows; a longer one is a part of its own. */
function* partsOf(rows: string): Generator<string> {
  for (let start = 0; start < rows.length; ) {
    const fits = start + LONGEST < rows.length ? rows.lastIndexOf("\n", start + LONGEST) + 1 : rows.length;
    const end = fits > start ? fits : rows.indexOf("\n", start) + 1 || rows.length;
    yield rows.slice(start, end);
    start = end;
  }
}

/** @param before each page */
async function* leasesOf(
  ask: Ask,
  { family, pageLimit, has }: SyncSettings,
  before: () => Promise<void>,
): AsyncGenerator<Some> {
  const limit = Math.min(pageLimit, KEA_PAGE);
  for (let from = "start"; ; ) {
    await before();
    const page = argumentsOf(await ask(`lease${family}-get-page`, { from, limit }))["leases"];
    const leases = (page ?? []) as readonly Lease[];
    const wanted = leases.filter((lease) => has(lease["subnet-id"]));
    for (let at = 0; at < wanted.length; at += TOGETHER) {
      yield { leases: wanted.slice(at, at + TOGETHER).map(asGiven) };
    }
    if (leases.length < limit) return;
    from = nextPage(from, leases.at(-1)!["ip-address"]);
  }
}

/** @param last address of the page behind `from` @throws where it would be asked for without end */
function nextPage<T>(from: T, last: T): T {
  if (last === from) throw new Error(`its leases do not end: those behind ${String(from)} end with that one`);
  return last;
}

const RECLAIMED = 2;

/** Kea 3 has states of its own for leases that were given back, or were chosen by their clients. */
function asGiven(lease: Lease): object {
  const { state } = lease;
  return shown({ ...lease, state: state <= RECLAIMED ? state : state === 3 ? RECLAIMED : 0 });
}

/** The next leases are asked for while some are applied, and those are applied while others become durable. Packets come between. */
async function applyAll(all: AsyncGenerator<Some>, own: Ask, settings: SyncSettings): Promise<number> {
  const underWay: Promise<number>[] = [];
  let taken = 0;
  for (let next = all.next(); ; ) {
    const { done, value } = await next;
    if (done === true) break;
    next = all.next();
    // Each may fail before it is waited for.
    next.catch(() => undefined);
    await new Promise(setImmediate);
    const applied = apply(value, own, settings);
    applied.catch(() => undefined);
    underWay.push(applied);
    if (underWay.length === AT_A_TIME) taken += await underWay.shift()!;
  }
  for (const applied of underWay) taken += await applied;
  return taken;
}

/** @returns how many were newer than what was there */
async function apply(some: Some, own: Ask, settings: SyncSettings): Promise<number> {
  const given = { ...some, "newer-only": true, shift: -settings.ahead, origin: "ha-partner" };
  const answer = await own(`lease${settings.family}-bulk-apply`, given);
  if (answer.result === 0 || answer.result === 3) {
    const { count = 0, "failed-leases": leftOut } = argumentsOf(answer);
    if (leftOut !== undefined) settings.onLeftOut?.();
    return Number(count);
  }
  const each = alone(some);
  if (each.length === 1) return 0;
  // One of them is not as leases are here.
  let taken = 0;
  for (const one of each) taken += await apply(one, own, settings);
  return taken;
}

function alone(some: Some): readonly Some[] {
  if ("rows" in some) return some.rows.split(/(?<=\n)/).map((rows) => ({ rows }));
  return some.leases.map((lease) => ({ leases: [lease] }));
}

async function expectSuccess(ask: Ask, command: string, args: object): Promise<void> {
  const { result, text } = await ask(command, args);
  if (result !== 0) throw new Error(`${command}: ${text ?? `result ${result}`}`);
}

/** None is result 3. */
function argumentsOf({ result, text, arguments: args }: CommandAnswer): Readonly<Record<string, unknown>> {
  if (result !== 0 && result !== 3) throw new Error(`its leases: ${text ?? `result ${result}`}`);
  return (args ?? {}) as Readonly<Record<string, unknown>>;
}
