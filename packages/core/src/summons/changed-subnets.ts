/** In which subnets a new configuration may give clients something else than they have. Pure. */
import { isDeepStrictEqual } from "node:util";

type Scope = Readonly<Record<string, unknown>>;
type Subnet = Scope & { readonly id: number };
type Network = Scope & { readonly subnets: readonly Subnet[] };

/** As much of a configuration as clients are given something by. */
export interface Gifts {
  /** Keys of the global scope, but for lists of scopes. */
  readonly global: Scope;
  /** Those outside of networks. */
  readonly subnets: readonly Subnet[];
  readonly networks: readonly Network[];
}

/** What of the global scope clients notice nothing of, or is looked at apart. */
const UNNOTICED = new Set([
  "interfaces-config",
  "lease-database",
  "hosts-databases",
  "hooks-libraries",
  "expired-leases-processing",
  "control-sockets",
  "loggers",
  "dhcp-queue-control",
  "multi-threading",
  "sanity-checks",
  "parked-packet-limit",
  "server-tag",
  "user-context",
  "subnet4",
  "subnet6",
  "shared-networks",
]);

export function giftsOf(config: object, list: "subnet4" | "subnet6"): Gifts {
  const entries = Object.entries(config);
  const given = new Map<string, unknown>(entries);
  const networks = (given.get("shared-networks") ?? []) as readonly Scope[];
  return {
    global: Object.fromEntries(entries.filter(([key]) => !UNNOTICED.has(key))),
    subnets: (given.get(list) ?? []) as readonly Subnet[],
    networks: networks.map(({ [list]: subnets, ...rest }) => ({
      ...rest,
      subnets: (subnets ?? []) as readonly Subnet[],
    })),
  };
}

/** @returns the numbers of subnets that are in both and differ, or of which something around them does */
export function changedSubnets(before: Gifts, after: Gifts): ReadonlySet<number> {
  const former = placesOf(before);
  const isGlobal = !isDeepStrictEqual(before.global, after.global);
  const changed = new Set<number>();
  for (const [id, [subnet, network]] of placesOf(after)) {
    const place = former.get(id);
    if (place === undefined) continue;
    if (isGlobal || !isDeepStrictEqual(place, [subnet, network])) changed.add(id);
  }
  return changed;
}

/** Each subnet with what its network says. An edit leaves objects that it does not concern what they are. */
function placesOf({ subnets, networks }: Gifts): ReadonlyMap<number, readonly [Subnet, Scope | undefined]> {
  const places = new Map<number, readonly [Subnet, Scope | undefined]>();
  for (const subnet of subnets) places.set(subnet.id, [subnet, undefined]);
  for (const { subnets: members, ...network } of networks) {
    for (const subnet of members) places.set(subnet.id, [subnet, network]);
  }
  return places;
}
