/** What a test wants to be otherwise in a `TestServer4`. */
import type { ManualClock } from "@kotare/core/base/clock";
import type { FaultInjector } from "@kotare/core/base/testing/fault-injector";
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { Memfile4 } from "@kotare/core/leases/file/memfile4";
import type { Keeper } from "@kotare/core/leases/model/adoption";
import type { LeaseClock } from "@kotare/core/leases/model/lease-clock";
import type { LeaseStore4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import type { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import type { Logger } from "@kotare/core/log/logger";
import type { Followers } from "@kotare/core/server/command-context";
import type { ServedInterface } from "@kotare/core/server/interfaces/served-interfaces";
import type { PacketPath } from "@kotare/core/server/packets/packet-path";
import type { CrashDisk } from "@kotare/core/storage/testing/crash-disk";
import type { Path4 } from "../path/outcome4.ts";
import type { Service4 } from "../path/service4.ts";

/** Of a server what its names are told by. */
export interface NamedServer4 {
  readonly leaseClock: LeaseClock;
  readonly log: Logger;
  readonly pipeline: { readonly service: Service4 };
  keeperOf(lease: Lease4): Keeper;
}

export interface TestServer4Options {
  /** Served interfaces; `eth0` (index 1) with 192.0.2.1 unless given. */
  readonly interfaces?: readonly ServedInterface<Ipv4>[];
  /** Numbers in [0, 1) for the `random` allocator. */
  readonly random?: () => number;
  /** What tells the DNS; nothing does unless given. */
  readonly openNames?: (server: NamedServer4, store: Memfile4) => Followers<Lease4>["names"];
  /** Serves from these instead of from its lease file. */
  readonly leases?: LeaseStore4;
  /** Serves from its leases instead of from its lease file; `breakDisk` breaks it, too. */
  readonly database?: MemoryDatabase4;
  /** Has all reservations of the configuration in a host database instead. */
  readonly keepsHostsElsewhere?: boolean;
  /** In the packet path, the store, the sending and the reporter. */
  readonly faults?: FaultInjector;
  /** Where it runs; a machine of its own unless given. */
  readonly machine?: { readonly clock: ManualClock; readonly disk: CrashDisk };
  /** Takes the steps in its own way. */
  readonly steps?: (path: PacketPath<Path4>) => PacketPath<Path4>;
}
