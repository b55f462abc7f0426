/**
 * Which address a DHCPv4 client gets, and why. Pure: it looks at the leases through a view and changes nothing.
 *
 * The order is Kea's: a reservation, the lease the client has, the address it asks for, any address that is free.
 */
import { equalBytes } from "../base/bytes.ts";
import type { Seconds } from "../base/clock.ts";
import type { SubnetHosts } from "../hosts/database/host-view.ts";
import type { Host4, HostIdentifierType4 } from "../hosts/model/host4.ts";
import { type Ipv4, prefixContains } from "../ip/ipv4.ts";
import { expiryOf, LeaseState } from "../leases/model/lease.ts";
import type { LeaseView4, PoolCursor4 } from "../leases/model/lease-store4.ts";
import type { Lease4 } from "../leases/model/lease4.ts";
import { LeaseType6 } from "../leases/model/lease6.ts";
import { admits } from "../subnets/class-guard.ts";
import { findPool4, type Pool4, type Subnet4 } from "../subnets/subnet4.ts";
import type { Place } from "./place-client.ts";

export interface AllocationQuery4 {
  readonly now: Seconds;
  readonly view: LeaseView4;
  /** Where the client may be served: the selected subnet first, then the others of its shared network. */
  readonly places: readonly Place4[];
  /** The client's, for pools that are not for everybody. */
  readonly classes: ReadonlySet<string>;
  readonly hwaddr: Uint8Array;
  readonly clientId: Uint8Array | undefined;
  /** Option 50, else ciaddr; 0 for none. */
  readonly requested: Ipv4;
  /** In [0, 1): where an allocator begins that is not `iterative`. */
  readonly random: number;
}

export type Place4 = Place<Subnet4, Host4, SubnetHosts<HostIdentifierType4, Host4, Ipv4>>;

export interface Choice4 {
  readonly place: Place4;
  /** `undefined` for a reserved address outside of all pools. */
  readonly pool: Pool4 | undefined;
  readonly address: Ipv4;
  /** What the store has at the address: the client's own lease, or one that is over. */
  readonly current: Lease4 | undefined;
  /** The client's lease for another address, which this choice ends. */
  readonly replaces: Lease4 | undefined;
  /** Of an offer: the client's reservation could not be kept, since somebody else holds the address. */
  readonly conflict: boolean;
  /** Where the address was found, when any would have done. */
  readonly searched: PoolCursor4 | undefined;
}

/**
 * Why a client gets nothing. `unknown-address`: the address is none of ours, so silence unless authoritative; `no-pool`:
 * there is none, or none for the client's classes.
 */
export type Refusal4 =
  | "unknown-address"
  | "reserved-for-other"
  | "in-use"
  | "reserved-elsewhere"
  | "no-free-address"
  | "no-pool"
  | "limit-reached";

/** RFC 2131 §4.3.1: the address for an OFFER. */
export function chooseOffer4(query: AllocationQuery4): Choice4 | Refusal4 {
  return withinLimits(query, findOffer4(query));
}

/** RFC 2131 §4.3.2: whether the client may have the address it asks for in a REQUEST. */
export function chooseAck4(query: AllocationQuery4): Choice4 | Refusal4 {
  return withinLimits(query, findAck4(query));
}

/** As in Kea, who has a lease keeps it, and who would be one too many gets nothing elsewhere in the shared network either. */
function withinLimits(query: AllocationQuery4, choice: Choice4 | Refusal4): Choice4 | Refusal4 {
  if (!query.view.isLimited || typeof choice === "string") return choice;
  const { current, replaces, place } = choice;
  if (current?.state === LeaseState.assigned && expiryOf(current) > query.now) return choice;
  const lease = { subnetId: place.subnet.id, type: LeaseType6.address, classes: query.classes };
  const ended = [current ?? [], replaces ?? []].flat();
  return query.view.limitReached(lease, ended) === undefined ? choice : "limit-reached";
}

function findOffer4(query: AllocationQuery4): Choice4 | Refusal4 {
  const { view, requested } = query;
  const own = findOwnLease4(query);
  const reserved = findReservedAddress(query);
  let conflict = false;
  if (reserved !== undefined) {
    const current = view.byAddress(reserved.host.address);
    if (isFreeFor(query, current)) return choose(reserved, reserved.host.address, current, own);
    conflict = true;
  }
  if (own !== undefined) {
    const place = query.places.find((candidate) => candidate.subnet.id === own.subnetId);
    // A command may have added a declined lease that names its client.
    if (place !== undefined && isDynamic(query, place, own.address) && isFreeFor(query, own)) {
      return choose(place, own.address, own, own, conflict);
    }
  }
  if (requested !== 0) {
    const place = query.places.find((candidate) => isDynamic(query, candidate, requested));
    if (place !== undefined) {
      const current = view.byAddress(requested);
      const free = isFreeFor(query, current) && current?.state !== LeaseState.offered;
      if (free) return choose(place, requested, current, own, conflict);
    }
  }
  return chooseAny(query, own, conflict);
}

function findAck4(query: AllocationQuery4): Choice4 | Refusal4 {
  const { view, places } = query;
  const own = findOwnLease4(query);
  const reserved = findReservedAddress(query);
  // A client that names no address is served all the same, as Kea does.
  const requested = query.requested || (reserved?.host.address ?? own?.address ?? 0);
  if (requested === 0) return chooseAny(query, own);
  if (places.some((place) => isReserved(place, requested))) return "reserved-for-other";
  const current = view.byAddress(requested);
  if (!isFreeFor(query, current)) return "in-use";
  if (reserved !== undefined && reserved.host.address !== requested) {
    // Only while somebody else holds the reserved address may the client have another one.
    if (isFreeFor(query, view.byAddress(reserved.host.address))) return "reserved-elsewhere";
    const place = places.find((candidate) => isDynamic(query, candidate, requested));
    return place === undefined ? "unknown-address" : choose(place, requested, current, own);
  }
  const place = reserved ?? places.find((candidate) => isDynamic(query, candidate, requested));
  return place === undefined ? "unknown-address" : choose(place, requested, current, own);
}

/** The lease that the client has: by client identifier, else by hardware address; one that counts before an offer. */
export function findOwnLease4(
  query: Pick<AllocationQuery4, "view" | "places" | "hwaddr" | "clientId">,
): Lease4 | undefined {
  const { view, places, clientId, hwaddr } = query;
  let offered: Lease4 | undefined;
  if (clientId !== undefined) {
    for (const lease of view.byClientId(clientId)) {
      const place = places.find((candidate) => candidate.subnet.id === lease.subnetId);
      if (place === undefined || !countsClientId(place.subnet, hwaddr)) continue;
      if (lease.state !== LeaseState.offered) return lease;
      offered = lease;
    }
  }
  if (hwaddr.length > 0) {
    for (const lease of view.byHwaddr(hwaddr)) {
      const place = places.find((candidate) => candidate.subnet.id === lease.subnetId);
      if (place === undefined || !belongsTo(lease, hwaddr, clientId, place.subnet)) continue;
      if (lease.state !== LeaseState.offered) return lease;
      offered ??= lease;
    }
  }
  return offered;
}

/** Kea's `match-client-id`. A client without a hardware address has nothing else to be known by. */
export function countsClientId(subnet: Subnet4, hwaddr: Uint8Array): boolean {
  return subnet.parameters.matchClientId || hwaddr.length === 0;
}

/** RFC 2131 §4.2: a client identifier, where both sides have one, decides; else the hardware address. */
export function belongsTo(
  lease: Lease4,
  hwaddr: Uint8Array,
  clientId: Uint8Array | undefined,
  subnet: Subnet4,
): boolean {
  if (countsClientId(subnet, hwaddr) && clientId !== undefined && lease.clientId !== undefined) {
    return equalBytes(clientId, lease.clientId);
  }
  return hwaddr.length > 0 && equalBytes(hwaddr, lease.hwaddr);
}

/** Whether nobody else holds the address now. A declined lease belongs to nobody until its probation is over. */
function isFreeFor(query: AllocationQuery4, lease: Lease4 | undefined): boolean {
  if (lease === undefined || lease.state === LeaseState.reclaimed || lease.state === LeaseState.offered) return true;
  if (expiryOf(lease) <= query.now) return true;
  if (lease.state === LeaseState.declined) return false;
  const place = query.places.find((candidate) => candidate.subnet.id === lease.subnetId) ?? query.places[0];
  return place !== undefined && belongsTo(lease, query.hwaddr, query.clientId, place.subnet);
}

function findReservedAddress(query: AllocationQuery4): (Place4 & { readonly host: Host4 }) | undefined {
  for (const { subnet, host, hosts } of query.places) {
    if (host !== undefined && host.address !== 0 && isReservable(subnet, host.address)) return { subnet, host, hosts };
  }
  return undefined;
}

/** A global reservation serves only where its address fits; `reservations-out-of-pool` is taken at its word. */
function isReservable(subnet: Subnet4, address: Ipv4): boolean {
  if (subnet.parameters.reservationsOutOfPool && findPool4(subnet, address) !== undefined) return false;
  return prefixContains(subnet.prefix, address);
}

/** For somebody else than the client. */
function isReserved({ subnet, host, hosts }: Place4, address: Ipv4): boolean {
  const { reservationsInSubnet, reservationsOutOfPool } = subnet.parameters;
  if (!reservationsInSubnet) return false;
  // Kea's `reservations-out-of-pool` is a promise that addresses in pools are nobody's reservation.
  if (reservationsOutOfPool && findPool4(subnet, address) !== undefined) return false;
  return hosts.isReservedForOther(address, host);
}

/** Whether the client may be given the address out of a pool. */
function isDynamic({ classes }: AllocationQuery4, place: Place4, address: Ipv4): boolean {
  const pool = findPool4(place.subnet, address);
  return pool !== undefined && admits(pool.guard, classes) && !isReserved(place, address);
}

function choose(
  place: Place4,
  address: Ipv4,
  current: Lease4 | undefined,
  own: Lease4 | undefined,
  conflict = false,
  searched?: PoolCursor4,
): Choice4 {
  const replaces = own !== undefined && own.address !== address ? own : undefined;
  return { place, pool: findPool4(place.subnet, address), address, current, replaces, conflict, searched };
}

/** Any address: one that nobody has had in any subnet first, then those whose leases are over. */
function chooseAny(query: AllocationQuery4, own: Lease4 | undefined, conflict = false): Choice4 | Refusal4 {
  let hasPool = false;
  for (const onlyUnused of [true, false]) {
    for (const place of query.places) {
      const start = place.subnet.parameters.allocator === "iterative" ? undefined : query.random;
      for (const pool of place.subnet.pools) {
        if (!admits(pool.guard, query.classes)) continue;
        hasPool = true;
        if (onlyUnused && !pool.cursor.hasUnused) continue;
        const address = findAvailable(query, place, pool, start);
        if (address === undefined) continue;
        const current = query.view.byAddress(address);
        // What the pool had unused may be reserved.
        if (onlyUnused && current !== undefined) continue;
        return choose(place, address, current, own, conflict, pool.cursor);
      }
    }
  }
  return hasPool ? "no-free-address" : "no-pool";
}

function findAvailable(
  { view, now }: AllocationQuery4,
  { subnet, host, hosts }: Place4,
  { cursor }: Pool4,
  start: number | undefined,
): Ipv4 | undefined {
  const { reservationsInSubnet, reservationsOutOfPool } = subnet.parameters;
  if (hosts.areLeftOut || !reservationsInSubnet || reservationsOutOfPool) return view.available(cursor, now, start);
  return hosts.firstFree(
    () => view.candidates(cursor, now, start),
    (address) => address,
    host,
  );
}
