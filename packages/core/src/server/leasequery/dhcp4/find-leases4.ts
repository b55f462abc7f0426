/** Which leases a DHCPBULKLEASEQUERY is about (RFC 6926 §6.1, §8.2), a page after the other. */

import { equalBytes } from "../../../base/bytes.ts";
import { formatHex } from "../../../base/hex.ts";
import { LIMITED_BROADCAST, lastAddress } from "../../../ip/ipv4.ts";
import type { RelayIdKind } from "../../../leases/model/lease-store.ts";
import type { LeaseStore4 } from "../../../leases/model/lease-store4.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { AddressSet4 } from "../../../leases/rows/address-set4.ts";
import { agentIdOf } from "../../../leases/user-context/agent-options4.ts";
import type { Subnet4 } from "../../../subnets/subnet4.ts";
import { look, pages, wanted } from "../look.ts";
import type { RelayIndex } from "../relay-index.ts";
import { everyAddress4, type Range4 } from "./every-address4.ts";
import { collectReserved4, type ReservedIn4 } from "./reserved-addresses4.ts";

export interface LeaseSource4 {
  readonly store: LeaseStore4;
  readonly relays: RelayIndex<Lease4>;
  /** How many are looked up at a time. */
  readonly pageSize: number;
  /** The configuration in force. */
  readonly service: ReservedIn4;
  /** Codes of options that nobody is told. */
  readonly withheld: ReadonlySet<number>;
}

/** By what leases are looked for. */
export type Selection4 =
  /** @param hasUnleased whether what was never leased counts */
  | { readonly by: "all"; readonly hasUnleased: boolean }
  | { readonly by: "hwaddr"; readonly hwaddr: Uint8Array }
  | { readonly by: "client"; readonly clientId: Uint8Array }
  | { readonly by: "relay-id" | "remote-id"; readonly id: Uint8Array };

/** @param links whose leases count; `undefined` for all */
export function findLeases4(
  source: LeaseSource4,
  selection: Selection4,
  links: readonly Subnet4[] | undefined,
): AsyncIterable<readonly Lease4[]> {
  if (selection.by === "all") return everything(source, selection, links);
  const found = inPages(source, selection);
  const ids = links && new Set(links.map(({ id }) => id));
  return ids === undefined ? found : wanted(found, ({ subnetId }) => ids.has(subnetId));
}

/** Ascending. */
export function everyLease4(store: LeaseStore4, pageSize: number): AsyncIterable<readonly Lease4[]> {
  return pages<Lease4>((last) => store.page(last?.address ?? -1, pageSize));
}

async function* everything(
  { store, pageSize, service }: LeaseSource4,
  { hasUnleased }: Selection4 & { by: "all" },
  links: readonly Subnet4[] | undefined,
): AsyncGenerator<readonly Lease4[]> {
  const subnets = hasUnleased ? [...(links ?? service.scope.subnets.all())] : [];
  const reserved = new AddressSet4();
  if (hasUnleased) for await (const _ of collectReserved4(service, links, pageSize, reserved)) yield REST;
  const pools = subnets.flatMap((subnet) => subnet.pools);
  for (const span of links?.map(rangeOf) ?? [EVERYWHERE]) yield* everyAddress4(store, pageSize, span, pools, reserved);
}

/** A page of nothing: whoever takes it gives way to packets before the next one. */
const REST: readonly Lease4[] = [];

const EVERYWHERE: Range4 = { first: 0, last: LIMITED_BROADCAST };

function rangeOf({ prefix }: Subnet4): Range4 {
  return { first: prefix.address, last: lastAddress(prefix) };
}
async function* inPages(
  { store, relays, pageSize }: LeaseSource4,
  selection: Exclude<Selection4, { by: "all" }>,
): AsyncGenerator<readonly Lease4[]> {
  switch (selection.by) {
    case "hwaddr":
      yield await look(store, (batch) => batch.byHwaddr(selection.hwaddr));
      break;
    case "client":
      yield await look(store, (batch) => batch.byClientId(selection.clientId));
      break;
    default:
      yield* byRelay(store, relays, pageSize, selection.by, selection.id);
  }
}

async function* byRelay(
  store: LeaseStore4,
  relays: RelayIndex<Lease4>,
  pageSize: number,
  kind: RelayIdKind,
  id: Uint8Array,
): AsyncGenerator<readonly Lease4[]> {
  const isOfRelay = ({ userContext }: Lease4) => equalBytes(agentIdOf(userContext, kind) ?? NO_ID, id);
  if (store.marked !== undefined) {
    const marked = store.marked.bind(store);
    yield* wanted(
      pages<Lease4>((last) => marked({ kind, id }, last?.address, pageSize)),
      isOfRelay,
    );
    return;
  }
  const addresses = await relays.find(kind, formatHex(id, "").toUpperCase());
  for (let at = 0; at < addresses.length; at += pageSize) {
    const some = addresses.slice(at, at + pageSize);
    const leases = await look(store, (batch) => some.map((address) => batch.byAddress(Number(address))));
    yield leases.filter((lease) => lease !== undefined).filter(isOfRelay);
  }
}

const NO_ID = new Uint8Array(0);
