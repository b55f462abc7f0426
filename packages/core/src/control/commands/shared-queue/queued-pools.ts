/**
 * Pools whose allocator is `shared-flq`. Kea keeps a queue of what is free in each, in the database. We keep none: what is free
 * follows from the leases, so no queue is ever out of date.
 */
import { formatIpv4 } from "../../../ip/ipv4.ts";
import { formatIpv6Key, precedingKey } from "../../../ip/ipv6-key.ts";
import { countMembers, dividePrefix, isInRange } from "../../../ip/ipv6-range.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { type Lease6, LeaseType6 } from "../../../leases/model/lease6.ts";
import type { Pool6, Subnet6 } from "../../../subnets/subnet6.ts";
import type { AnyLease, LeaseContext4, LeaseContext6 } from "../lease/lease-context.ts";
import { ipv4, ipv6 } from "../lease/lease-fields.ts";

export interface QueuedPool<L extends AnyLease> {
  readonly subnetId: number;
  readonly type: "V4" | "IA_NA" | "IA_PD";
  readonly first: L["address"];
  /** The last address of the last member. */
  readonly last: L["address"];
  /** As Kea shows it: 128 for all but prefixes. */
  readonly delegatedLength: number;
  readonly size: bigint;
  has(lease: L): boolean;
}

/** What the commands about such pools need of a family. */
export interface QueueFamily<L extends AnyLease, Context> {
  readonly number: 4 | 6;
  pools(context: Context): readonly QueuedPool<L>[];
  readonly address: typeof ipv4 | typeof ipv6;
  format(address: L["address"]): string;
  /** The address before one; `undefined` before the first. */
  before(address: L["address"]): L["address"] | undefined;
  readonly example: { readonly start: string; readonly end: string; readonly type: string };
}

export const queues4: QueueFamily<Lease4, Pick<LeaseContext4, "subnets">> = {
  number: 4,
  pools: (context) =>
    [...context.subnets().all()]
      .filter(({ parameters }) => parameters.allocator === "shared-flq")
      .flatMap(({ id, pools }) =>
        pools.map(({ first, last }) => ({
          subnetId: id,
          type: "V4",
          first,
          last,
          delegatedLength: 128,
          size: BigInt(last - first + 1),
          has: ({ address }) => address >= first && address <= last,
        })),
      ),
  address: ipv4,
  format: formatIpv4,
  before: (address) => address - 1,
  example: { start: "192.0.2.10", end: "192.0.2.200", type: "V4" },
};

export const queues6: QueueFamily<Lease6, Pick<LeaseContext6, "subnets">> = {
  number: 6,
  pools: (context) => [...context.subnets().all()].flatMap(pools6),
  address: ipv6,
  format: formatIpv6Key,
  before: precedingKey,
  example: { start: "2001:db8:1::10", end: "2001:db8:1::ffff", type: "IA_NA" },
};

function pools6({ id, pools, pdPools, parameters }: Subnet6): readonly QueuedPool<Lease6>[] {
  const queued = [
    ...(parameters.allocator === "shared-flq" ? pools : []),
    ...(parameters.pdAllocator === "shared-flq" ? pdPools : []),
  ];
  return queued.map(({ type, range }: Pool6) => ({
    subnetId: id,
    type: type === LeaseType6.address ? "IA_NA" : "IA_PD",
    first: range.first,
    last: dividePrefix(range.last, range.length, 128).last,
    delegatedLength: range.length,
    size: countMembers(range),
    has: (lease) => lease.type === type && lease.prefixLength === range.length && isInRange(range, lease.address),
  }));
}
