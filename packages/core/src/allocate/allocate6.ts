/**
 * Which addresses and prefixes an identity association gets, and why (RFC 8415 §13.1, §13.3). Pure: it looks at the
 * leases through a view and changes nothing.
 *
 * The order is Kea's: reservations, the leases the association has, what the client asks for, anything that is free.
 */
import { equalBytes } from "../base/bytes.ts";
import type { Seconds } from "../base/clock.ts";
import type { SubnetHosts } from "../hosts/database/host-view.ts";
import { type Host6, type HostIdentifierType6, type ReservedLease6, reservedKey } from "../hosts/model/host6.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import { isInPrefix, maskIpv6Key } from "../ip/ipv6-key.ts";
import { expiryOf, LeaseState } from "../leases/model/lease.ts";
import type { GivenLeases } from "../leases/model/lease-limit.ts";
import type { LeaseView6, PoolCursor6 } from "../leases/model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../leases/model/lease6.ts";
import { admits } from "../subnets/class-guard.ts";
import { findPool6, findPoolAround6, type Pool6, poolsOf, type Subnet6 } from "../subnets/subnet6.ts";
import type { Place } from "./place-client.ts";
import type { Taken6 } from "./taken6.ts";

export type Place6 = Place<Subnet6, Host6, SubnetHosts<HostIdentifierType6, Host6, string>>;

export interface AllocationQuery6 {
  readonly now: Seconds;
  readonly view: LeaseView6;
  /** Where the client may be served: the selected subnet first, then the others of its shared network. */
  readonly places: readonly Place6[];
  /** The client's, for pools that are not for everybody. */
  readonly classes: ReadonlySet<string>;
  readonly duid: Uint8Array;
  /** All that the client has. */
  readonly leases: readonly Lease6[];
  /** In [0, 1): where an allocator begins that is not `iterative`. */
  readonly random: number;
  /** Given to other associations of the same message, where there are any; `allocateIa6` adds its own. */
  readonly taken: Taken6 | undefined;
  /** The same of leases that the client did not have: how many of each kind. */
  readonly given: GivenLeases[];
}

export interface IaQuery {
  readonly type: LeaseType6;
  readonly iaid: number;
  /** What the client names in the association. */
  readonly hints: readonly { readonly address: Ipv6Key; readonly length: number }[];
}

export interface Granted6 {
  readonly place: Place6;
  /** `undefined` for a reservation outside of all pools. */
  readonly pool: Pool6 | undefined;
  readonly address: Ipv6Key;
  readonly length: number;
  readonly reserved: ReservedLease6 | undefined;
  /** What the store has there: the association's own lease, or one that is over. */
  readonly current: Lease6 | undefined;
  /** Where it was found, when any would have done. */
  readonly searched: PoolCursor6 | undefined;
}

export interface IaChoice {
  /** Empty when there is nothing for it. */
  readonly granted: readonly Granted6[];
  /** Leases that the association had and must not use any more. */
  readonly ended: readonly Lease6[];
}

export function allocateIa6(query: AllocationQuery6, ia: IaQuery): IaChoice {
  const own = ownLeases(query, ia);
  let granted = grantReserved(query, ia, own);
  if (granted.length === 0) granted = keepOwn(query, ia, own);
  if (granted.length === 0) granted = grantHint(query, ia);
  if (granted.length === 0) granted = grantAny(query, ia);
  if (query.view.isLimited) granted = keepWithinLimits(query, ia, own, granted);
  for (const each of granted) query.taken?.add(each);
  const ended = own.filter(
    (lease) => lease.state === LeaseState.assigned && !granted.some(({ address }) => address === lease.address),
  );
  return { granted, ended };
}

function ownLeases(query: AllocationQuery6, ia: IaQuery): readonly Lease6[] {
  const isOwn = (lease: Lease6) => isOf(lease, ia) && placeOf(query, lease) !== undefined;
  return query.leases.every(isOwn) ? query.leases : query.leases.filter(isOwn);
}

/** As in Kea, what an association has it keeps, and what would be too much is not replaced by something elsewhere. */
function keepWithinLimits(
  query: AllocationQuery6,
  ia: IaQuery,
  own: readonly Lease6[],
  granted: Granted6[],
): Granted6[] {
  const left = own.filter(({ address }) => !granted.some((each) => each.address === address));
  return granted.filter(({ place, current }) => {
    // Held by somebody else it would not be granted.
    if (current?.state === LeaseState.assigned && expiryOf(current) > query.now) return true;
    const lease = { subnetId: place.subnet.id, type: ia.type, classes: query.classes };
    const ended = [...left, ...(current === undefined ? [] : [current])];
    if (query.view.limitReached(lease, ended, query.given) !== undefined) return false;
    const alike = query.given.find(({ subnetId, type }) => subnetId === lease.subnetId && type === lease.type);
    if (alike === undefined) query.given.push({ ...lease, count: 1 });
    else alike.count++;
    return true;
  });
}

/** Made in one place, so that the just-in-time compiler sees one kind of object. */
function grant(
  place: Place6,
  pool: Pool6 | undefined,
  address: Ipv6Key,
  length: number,
  current: Lease6 | undefined,
  reserved?: ReservedLease6,
  searched?: PoolCursor6,
): Granted6 {
  return { place, pool, address, length, reserved, current, searched };
}

function isOf(lease: Lease6, { type, iaid }: IaQuery): boolean {
  return lease.type === type && lease.iaid === iaid && lease.state !== LeaseState.registered;
}

function placeOf(query: AllocationQuery6, lease: Lease6): Place6 | undefined {
  return query.places.find(({ subnet }) => subnet.id === lease.subnetId);
}

/** Whether nobody else holds it now. A declined address belongs to nobody until its probation is over. */
function isFreeFor(query: AllocationQuery6, ia: IaQuery, lease: Lease6 | undefined): boolean {
  if (lease === undefined || lease.state === LeaseState.reclaimed || lease.state === LeaseState.offered) return true;
  if (expiryOf(lease) <= query.now) return true;
  return lease.state !== LeaseState.declined && isOf(lease, ia) && equalBytes(lease.duid, query.duid);
}

/** What the association has of that which is reserved, else the first that no other has. */
function grantReserved(query: AllocationQuery6, ia: IaQuery, own: readonly Lease6[]): Granted6[] {
  if (!query.places.some(({ host }) => host !== undefined)) return [];
  const reserved = query.places.flatMap((place) =>
    (place.host?.leases ?? [])
      .filter((lease) => lease.type === ia.type && isReservable(place.subnet, lease))
      .map((lease) => ({ place, lease })),
  );
  const held = new Set(own.filter(({ state }) => state === LeaseState.assigned).map(({ address }) => address));
  // What the association itself has in a reserved prefix gives way to it.
  const spared = new Set(own.map(({ address }) => address));
  const granted: Granted6[] = [];
  for (const isHeld of [true, false]) {
    for (const { place, lease } of reserved) {
      const { address, length } = lease;
      if (held.has(address) !== isHeld || query.taken?.has(address, length)) continue;
      const current = query.view.byAddress(ia.type, address);
      if (!isFreeFor(query, ia, current) || !isClear(query, ia, address, length, spared)) continue;
      granted.push(grant(place, findPoolAround6(place.subnet, ia.type, address), address, length, current, lease));
      if (!isHeld) break;
    }
    if (granted.length > 0) break;
  }
  return granted;
}

/**
 * A reserved address must be of the link; a reserved prefix may be from anywhere. `reservations-out-of-pool` is taken at
 * its word.
 */
function isReservable(subnet: Subnet6, { type, address }: ReservedLease6): boolean {
  if (subnet.parameters.reservationsOutOfPool && findPoolAround6(subnet, type, address) !== undefined) return false;
  return type === LeaseType6.prefix || isInPrefix(address, subnet.prefix, subnet.prefixLength);
}

/**
 * The leases that the association may keep: still in a pool, and not set aside for somebody else since. Of those that
 * are over only the last one, and only where there is no other.
 */
function keepOwn(query: AllocationQuery6, ia: IaQuery, own: readonly Lease6[]): Granted6[] {
  const held: Granted6[] = [];
  let over: Granted6 | undefined;
  for (const current of own) {
    const place = placeOf(query, current)!;
    const { address, prefixLength: length } = current;
    const pool = findPool6(place.subnet, ia.type, address, length);
    if (pool === undefined || !admits(pool.guard, query.classes)) continue;
    if (query.taken?.has(address, length) || isReservedForOther(place, ia, address)) continue;
    // A command may have added a declined lease that names its client.
    if (!isFreeFor(query, ia, current)) continue;
    const granted = grant(place, pool, address, length, current);
    if (current.state === LeaseState.assigned && expiryOf(current) > query.now) held.push(granted);
    // Meanwhile prefixes of another length may have been given there.
    else if (over === undefined && isClear(query, ia, address, length)) over = granted;
  }
  return held.length > 0 || over === undefined ? held : [over];
}

/** Whether no prefix of another length that is in use shares part of it, save the ones that are spared. */
function isClear(
  { view }: AllocationQuery6,
  { type }: IaQuery,
  address: Ipv6Key,
  length: number,
  spared?: ReadonlySet<Ipv6Key>,
): boolean {
  return type === LeaseType6.address || !view.isCrossed(address, length, spared);
}

function isReservedForOther({ subnet, host, hosts }: Place6, { type }: IaQuery, address: Ipv6Key): boolean {
  const { reservationsInSubnet, reservationsOutOfPool } = subnet.parameters;
  if (!reservationsInSubnet || reservationsOutOfPool || (hosts.areLeftOut && hosts.isEmpty)) return false;
  return hosts.isReservedForOther(reservedKey(type, address), host);
}

/** @param wanted bits of the prefixes to look at: the one around what is asked for, or the first in it; default as asked */
function grantHint(query: AllocationQuery6, ia: IaQuery, wanted?: number): Granted6[] {
  for (const hint of ia.hints) {
    const length = wanted ?? hint.length;
    const address = length < hint.length ? maskIpv6Key(hint.address, length) : hint.address;
    for (const place of query.places) {
      const pool = findPool6(place.subnet, ia.type, address, length);
      if (pool === undefined || !admits(pool.guard, query.classes)) continue;
      if (query.taken?.has(address, length) || isReservedForOther(place, ia, address)) continue;
      const current = query.view.byAddress(ia.type, address);
      if (!isFreeFor(query, ia, current) || current?.state === LeaseState.offered) continue;
      if (!isClear(query, ia, address, length)) continue;
      return [grant(place, pool, address, length, current)];
    }
  }
  return [];
}

/** What nobody has had in any of the pools first, then what is over: somebody may come back for that. */
function grantAny(query: AllocationQuery6, ia: IaQuery): Granted6[] {
  for (const length of rankLengths(query, ia)) {
    const hinted = length === ANY_LENGTH ? [] : grantHint(query, ia, length);
    if (hinted.length > 0) return hinted;
    const granted = grantFrom(query, ia, length, true) ?? grantFrom(query, ia, length, false);
    if (granted !== undefined) return [granted];
  }
  return [];
}

/** From the first pool, in the order of the configuration, that has something. */
function grantFrom(
  query: AllocationQuery6,
  { type }: IaQuery,
  wanted: number,
  onlyUnused: boolean,
): Granted6 | undefined {
  for (const place of query.places) {
    const { allocator, pdAllocator } = place.subnet.parameters;
    const isForeseeable = (type === LeaseType6.address ? allocator : pdAllocator) === "iterative";
    for (const pool of poolsOf(place.subnet, type)) {
      const { length } = pool.range;
      if (!admits(pool.guard, query.classes) || (wanted !== ANY_LENGTH && wanted !== length)) continue;
      if (onlyUnused && !pool.cursor.hasUnused) continue;
      const address = findAvailable(query, place, pool, isForeseeable ? undefined : query.random);
      if (address === undefined) continue;
      const current = query.view.byAddress(type, address);
      // What the pool had unused may be the message's own by now.
      if (onlyUnused && current !== undefined) continue;
      return grant(place, pool, address, length, current, undefined, pool.cursor);
    }
  }
  return undefined;
}

/** What the message's other associations get is free in the view still. */
function findAvailable(
  { view, now, taken }: AllocationQuery6,
  { subnet, host, hosts }: Place6,
  pool: Pool6,
  start: number | undefined,
): Ipv6Key | undefined {
  const candidates = () => view.candidates(pool.cursor, now, start);
  const { reservationsInSubnet, reservationsOutOfPool } = subnet.parameters;
  if (hosts.areLeftOut || !reservationsInSubnet || reservationsOutOfPool) {
    if (taken === undefined || taken.isEmpty) return view.available(pool.cursor, now, start);
    return taken.firstFree(pool, candidates);
  }
  return hosts.firstFree(
    () => taken?.free(pool, candidates()) ?? candidates(),
    (address) => reservedKey(pool.type, address),
    host,
  );
}

const ANY_LENGTH = 0;
const ALL_ALIKE: readonly number[] = [ANY_LENGTH];

/** Whose turn it is: pools of prefixes of the length asked for, then of shorter ones, then of longer ones. */
function rankLengths(query: AllocationQuery6, ia: IaQuery): readonly number[] {
  const wanted = ia.hints.find(({ length }) => length > 0)?.length;
  if (ia.type === LeaseType6.address || wanted === undefined) return ALL_ALIKE;
  const lengths = query.places.flatMap(({ subnet }) => poolsOf(subnet, ia.type).map(({ range }) => range.length));
  const rank = (length: number) => (length === wanted ? 0 : length < wanted ? wanted - length : 128 + length - wanted);
  return [...new Set(lengths)].sort((a, b) => rank(a) - rank(b));
}
