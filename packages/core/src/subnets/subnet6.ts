/** IPv6 subnets as the packet path sees them: inheritance resolved, options merged, pools opened on the lease store. */
import type { HostIndex6 } from "../hosts/model/host6.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import { type Ipv6Range, isInRange } from "../ip/ipv6-range.ts";
import type { PoolCursor6 } from "../leases/model/lease-store6.ts";
import { LeaseType6 } from "../leases/model/lease6.ts";
import type { NameRules } from "../names/name-rules.ts";
import type { ScopeOptions } from "../options/scope-options.ts";
import type { ClassGuard, Guarded } from "./class-guard.ts";
import type { Lifetime } from "./lifetime.ts";
import type { OptionStack } from "./options/option-stack.ts";
import type { Parameters } from "./parameters.ts";
import type { Scarcity } from "./scarcity.ts";

export interface Parameters6 extends Parameters {
  readonly preferredLifetime: Lifetime;
  readonly rapidCommit: boolean;
  readonly allocator: "iterative" | "random" | "shared-flq";
  readonly pdAllocator: "iterative" | "random" | "flq" | "shared-flq";
  /** Of prefixes; as in `Parameters4`. */
  readonly scarcity: Scarcity | undefined;
  /** Whether the kernel gets a route for each prefix that is delegated, where no pool says otherwise. */
  readonly pdRoutes: boolean;
  /** Whether clients that accept RECONFIGURE are given a key for it. */
  readonly reconfigures: boolean;
}

/** A range of addresses, or of prefixes that are delegated whole. */
export interface Pool6 {
  readonly type: LeaseType6;
  /** Members have 128 bits, or `delegated-len`. */
  readonly range: Ipv6Range;
  /** Kea's `pool-id`, for statistics only. */
  readonly id: number;
  /** What clients must leave alone of each delegated prefix (RFC 6603); `undefined` for nothing. */
  readonly excludedPrefix: { readonly address: Ipv6Key; readonly length: number } | undefined;
  /** As in `Parameters6`. */
  readonly pdRoutes: boolean;
  /** The pool's own options: a reply may give from several pools. */
  readonly ownOptions: ScopeOptions;
  /** With those of all scopes around it. */
  readonly options: OptionStack;
  readonly names: NameRules;
  readonly guard: ClassGuard;
  /** Classes to look at for clients that get something here: Kea's `evaluate-additional-classes`. */
  readonly additionalClasses: readonly string[];
  readonly cursor: PoolCursor6;
}

export interface Subnet6 extends Guarded {
  readonly id: number;
  readonly prefix: Ipv6Key;
  readonly prefixLength: number;
  /** As configured, for logs. */
  readonly text: string;
  /** As in DHCPv4, the lowest first. */
  readonly pools: readonly Pool6[];
  readonly pdPools: readonly Pool6[];
  readonly parameters: Parameters6;
  /** As of a pool, the shared network's included. */
  readonly additionalClasses: readonly string[];
  readonly options: OptionStack;
  readonly hosts: HostIndex6;
  readonly network: SharedNetwork6 | undefined;
}

export interface SharedNetwork6 {
  readonly name: string;
  /** The one with the lowest id first. */
  readonly subnets: Subnet6[];
}

export function poolsOf(subnet: Subnet6, type: LeaseType6): readonly Pool6[] {
  return type === LeaseType6.address ? subnet.pools : subnet.pdPools;
}

/** The pool that has the address, or the prefix of just this length, as a member. */
export function findPool6(subnet: Subnet6, type: LeaseType6, address: Ipv6Key, length: number): Pool6 | undefined {
  return poolsOf(subnet, type).find(({ range }) => range.length === length && isInRange(range, address));
}

/** The pool that the address or prefix begins in, whatever the length of its members. */
export function findPoolAround6(subnet: Subnet6, type: LeaseType6, address: Ipv6Key): Pool6 | undefined {
  return poolsOf(subnet, type).find(({ range }) => isInRange(range, address));
}
