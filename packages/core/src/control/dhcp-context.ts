/** What the commands of a DHCP server work on, beside those of every daemon. */
import type { Interface } from "@kotare/netio/interfaces/interface";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import type { Dhcp6Config } from "../config/dhcp6-config.ts";
import type { ReadStatistic } from "../stats/statistics.ts";
import type { DaemonContext } from "./daemon-context.ts";
import type { Explanation } from "./explanation.ts";
import type { GivenPacket } from "./given-packet.ts";
import type { PacketRecorder } from "./recorded-packet.ts";
import type { ServiceState } from "./service-state.ts";

/** An interface of the host. */
export interface HostInterface extends Interface {
  readonly isServed: boolean;
}

export interface DhcpContext extends DaemonContext {
  readonly family: 4 | 6;
  readonly service: ServiceState;
  readonly statistics: DaemonContext["statistics"] & {
    /** Of `read`, those of the whole server. */
    readGlobal(): readonly ReadStatistic[];
  };
  config(): Dhcp4Config | Dhcp6Config;
  /** @param isForgotten whether leases that are over are not kept for their clients */
  reclaim(isForgotten: boolean): Promise<void>;
  /** As they are now, by their numbers. */
  interfaces(): readonly HostInterface[];
  /**
   * Has other interfaces served, beside service; the configuration in force then says so.
   * @param change gives the new list of `interfaces`; `undefined` for none
   */
  changeInterfaces(change: (listed: readonly string[]) => readonly string[] | undefined): Promise<void>;
  /** What would become of a packet, and why. @throws Error in words, where it cannot come so */
  explain(packet: GivenPacket): Promise<Explanation>;
  /** What became of the last packets, and why. */
  readonly record: PacketRecorder;
  /** Has the lease file rewritten with one row a lease, beside service. Absent where leases are in no file. */
  readonly compact: (() => Promise<void>) | undefined;
}
