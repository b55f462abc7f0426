/** What a test wants to be otherwise in a `TestServer6`. */
import type { ManualClock } from "@kotare/core/base/clock";
import type { FaultInjector } from "@kotare/core/base/testing/fault-injector";
import type { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import type { PacketPath } from "@kotare/core/server/packets/packet-path";
import type { CrashDisk } from "@kotare/core/storage/testing/crash-disk";
import type { Path6 } from "../path/outcome6.ts";

export interface TestServer6Options {
  /** Serves from its leases instead of from its lease file; `breakDisk` breaks it, too. */
  readonly database?: MemoryDatabase6;
  /** Has all reservations of the configuration in a host database instead. */
  readonly keepsHostsElsewhere?: boolean;
  /** In the packet path, the store, the sending and the reporter. */
  readonly faults?: FaultInjector;
  /** Takes the steps in its own way. */
  readonly steps?: (path: PacketPath<Path6>) => PacketPath<Path6>;
  /** Where it runs; a machine of its own unless given. */
  readonly machine?: { readonly clock: ManualClock; readonly disk: CrashDisk };
  readonly serverDuid?: Uint8Array;
}
