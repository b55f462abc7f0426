/** Which leases a LEASEQUERY is about (RFC 5460 §5.4), a page after the other. */
import { equalBytes } from "../../../base/bytes.ts";
import { formatHex } from "../../../base/hex.ts";
import { type Ipv6Key, isInPrefix, maskIpv6Key, precedingKey, UNSPECIFIED } from "../../../ip/ipv6-key.ts";
import type { RelayIdKind } from "../../../leases/model/lease-store.ts";
import type { LeaseStore6, LeaseView6 } from "../../../leases/model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../../../leases/model/lease6.ts";
import { relayIdsOf } from "../../../leases/user-context/relay-info6.ts";
import type { SubnetIndex6 } from "../../../subnets/select/subnet-index6.ts";
import type { Subnet6 } from "../../../subnets/subnet6.ts";
import { look, pages, wanted } from "../look.ts";
import type { RelayIndex } from "../relay-index.ts";
import type { LeaseQuery6, Selection6 } from "./lease-query6.ts";

export interface LeaseSource6 {
  readonly store: LeaseStore6;
  readonly relays: RelayIndex<Lease6>;
  readonly pageSize: number;
  /** Lengths of prefixes that are delegated, the longest first. */
  readonly prefixLengths: readonly number[];
  /** Codes of options that nobody is told. */
  readonly withheld: ReadonlySet<number>;
}

/** @param links whose leases count; `undefined` for all */
export function findLeases6(
  source: LeaseSource6,
  selection: Selection6,
  links: readonly Subnet6[] | undefined,
): AsyncIterable<readonly Lease6[]> {
  const { store, pageSize } = source;
  if (selection.by === "link") return leasesOn(links ?? [], store, pageSize);
  const found = inPages(source, selection);
  // An address says itself where it is.
  if (links === undefined || selection.by === "address") return found;
  const ids = new Set(links.map(({ id }) => id));
  return wanted(found, ({ subnetId }) => ids.has(subnetId));
}

/** Whether a query is about a lease, as `findLeases6` would find it. */
export function isAbout6(
  { link, selection }: LeaseQuery6,
  lease: Lease6,
  subnets: Pick<SubnetIndex6, "byId">,
): boolean {
  const subnet = subnets.byId(lease.subnetId);
  const isWithin =
    link === UNSPECIFIED || (subnet !== undefined && isInPrefix(link, subnet.prefix, subnet.prefixLength));
  switch (selection.by) {
    case "address":
      // It says itself where it is; as a lease it has a prefix of all its bits.
      return isInPrefix(selection.address, lease.address, lease.prefixLength);
    case "client":
      return isWithin && equalBytes(selection.duid, lease.duid);
    case "relay-id":
    case "remote-id":
      return isWithin && isOfRelay(lease, selection.by, digitsOf(selection.id));
    case "link":
      return isWithin;
  }
}

function isOfRelay({ userContext }: Lease6, kind: RelayIdKind, digits: string): boolean {
  return relayIdsOf(userContext, kind).includes(digits);
}

/** As leases keep ids. */
function digitsOf(id: Uint8Array): string {
  return formatHex(id, "").toUpperCase();
}

/** Addresses, then prefixes; each ascending. */
export async function* everyLease6(store: LeaseStore6, pageSize: number): AsyncGenerator<readonly Lease6[]> {
  for (const type of [LeaseType6.address, LeaseType6.prefix]) {
    yield* pages<Lease6>((last) => store.page(type, last?.address, pageSize));
  }
}

/** What is at an address: its lease, or that of the delegated prefix that it is in (RFC 5007 §3.3). */
export function leaseAt(
  view: Pick<LeaseView6, "byAddress">,
  address: Ipv6Key,
  prefixLengths: readonly number[],
): Lease6 | undefined {
  const lease = view.byAddress(LeaseType6.address, address);
  if (lease !== undefined) return lease;
  for (const length of prefixLengths) {
    const prefix = view.byAddress(LeaseType6.prefix, maskIpv6Key(address, length));
    if (prefix !== undefined && isInPrefix(address, prefix.address, prefix.prefixLength)) return prefix;
  }
  return undefined;
}

async function* inPages(
  source: LeaseSource6,
  selection: Exclude<Selection6, { by: "link" }>,
): AsyncGenerator<readonly Lease6[]> {
  const { store, prefixLengths } = source;
  switch (selection.by) {
    case "address": {
      const lease = await look(store, (batch) => leaseAt(batch, selection.address, prefixLengths));
      if (lease !== undefined) yield [lease];
      break;
    }
    case "client":
      yield await look(store, (batch) => batch.byDuid(selection.duid));
      break;
    default:
      yield* byRelay(source, selection.by, selection.id);
  }
}

async function* byRelay(
  { store, relays, pageSize }: LeaseSource6,
  kind: RelayIdKind,
  id: Uint8Array,
): AsyncGenerator<readonly Lease6[]> {
  const digits = digitsOf(id);
  const isWanted = (lease: Lease6) => isOfRelay(lease, kind, digits);
  if (store.marked !== undefined) {
    const marked = store.marked.bind(store);
    yield* wanted(
      pages<Lease6>((last) => marked({ kind, id }, last?.address, pageSize)),
      isWanted,
    );
    return;
  }
  const keys = await relays.find(kind, digits);
  for (let at = 0; at < keys.length; at += pageSize) {
    const some = keys.slice(at, at + pageSize).map((key) => parseKey(String(key)));
    const leases = await look(store, (batch) => some.map(({ type, address }) => batch.byAddress(type, address)));
    yield leases.filter((lease) => lease !== undefined).filter(isWanted);
  }
}

/** A lease's type, one digit, and its address. */
export function keyOf6({ type, address }: Pick<Lease6, "type" | "address">): string {
  return `${type}${address}`;
}

function parseKey(key: string): Pick<Lease6, "type" | "address"> {
  return { type: Number(key[0]) as LeaseType6, address: key.slice(1) as Ipv6Key };
}

async function* leasesOn(
  links: readonly Subnet6[],
  store: LeaseStore6,
  pageSize: number,
): AsyncGenerator<readonly Lease6[]> {
  for (const { id, prefix, prefixLength } of links) {
    const begin = precedingKey(prefix);
    const all = pages<Lease6>((last) => store.page(LeaseType6.address, last?.address ?? begin, pageSize));
    for await (const page of all) {
      const inside = page.filter(({ address }) => isInPrefix(address, prefix, prefixLength));
      yield inside.filter(({ subnetId }) => subnetId === id);
      if (inside.length < page.length) break;
    }
  }
  if (links.every(({ pdPools }) => pdPools.length === 0)) return;
  const ids = new Set(links.map(({ id }) => id));
  // Prefixes may be anywhere.
  const prefixes = pages<Lease6>((last) => store.page(LeaseType6.prefix, last?.address, pageSize));
  yield* wanted(prefixes, ({ subnetId }) => ids.has(subnetId));
}
