/** Subnets as the packet path sees them: inheritance resolved, options merged, pools opened on the lease store. */
import type { Seconds } from "../base/clock.ts";
import type { HostIndex4 } from "../hosts/model/host4.ts";
import type { Ipv4, Ipv4Prefix } from "../ip/ipv4.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import type { PoolCursor4 } from "../leases/model/lease-store4.ts";
import type { NameRules } from "../names/name-rules.ts";
import type { ClassGuard, Guarded } from "./class-guard.ts";
import type { OptionStack } from "./options/option-stack.ts";
import type { Parameters } from "./parameters.ts";
import type { Scarcity } from "./scarcity.ts";

export interface Parameters4 extends Parameters {
  readonly matchClientId: boolean;
  readonly authoritative: boolean;
  readonly nextServer: Ipv4;
  readonly serverHostname: string;
  readonly bootFileName: string;
  /** All allocators take constant time here; `flq` and `shared-flq` need no queue and act as `random`. */
  readonly allocator: "iterative" | "random" | "flq" | "shared-flq";
  /** `undefined` where lifetimes are the same however full the pools are. */
  readonly scarcity: Scarcity | undefined;
  readonly offerLifetime: Seconds;
  /** Whether clients are given a nonce for FORCERENEW. */
  readonly forcesRenewal: boolean;
  /** Whether messages that are not authenticated get no answer. */
  readonly authenticates: boolean;
}

export interface Pool4 {
  readonly first: Ipv4;
  readonly last: Ipv4;
  /** Kea's `pool-id`, for statistics only. */
  readonly id: number;
  readonly guard: ClassGuard;
  /** Classes to look at for clients that get something here: Kea's `evaluate-additional-classes`. */
  readonly additionalClasses: readonly string[];
  readonly options: OptionStack;
  readonly names: NameRules;
  readonly cursor: PoolCursor4;
}

/** Which queries over DHCPv6 (RFC 7341) a subnet is for: those that match any of these. */
export interface Over6 {
  /** What their source is in. */
  readonly prefix: { readonly address: Ipv6Key; readonly length: number } | undefined;
  /** Option 18 of their relay, one character a byte; empty for none. */
  readonly interfaceId: string;
  /** Empty for none. */
  readonly interfaceName: string;
}

export interface Subnet4 extends Guarded {
  readonly id: number;
  readonly prefix: Ipv4Prefix;
  /** As configured, for logs. */
  readonly text: string;
  /** The lowest first, which is where an allocator begins that does not begin anywhere. */
  readonly pools: readonly Pool4[];
  readonly parameters: Parameters4;
  /** As of a pool, the shared network's included. */
  readonly additionalClasses: readonly string[];
  readonly options: OptionStack;
  readonly hosts: HostIndex4;
  /** Relay addresses that select this subnet: its own, else its shared network's. */
  readonly relays: readonly Ipv4[];
  /** Name of the interface whose direct clients belong here; empty for none. */
  readonly interfaceName: string;
  /** `undefined` where it is for no query over DHCPv6. */
  readonly over6: Over6 | undefined;
  readonly network: SharedNetwork4 | undefined;
}

export interface SharedNetwork4 {
  readonly name: string;
  /** The one with the lowest id first. */
  readonly subnets: Subnet4[];
}

export function findPool4(subnet: Subnet4, address: Ipv4): Pool4 | undefined {
  for (const pool of subnet.pools) if (address >= pool.first && address <= pool.last) return pool;
  return undefined;
}
