/** What the commands about leases work on: what the families share, and what each adds. */
import type { Seconds } from "../../../base/clock.ts";
import type { Dhcp4Config } from "../../../config/dhcp4-config.ts";
import type { Dhcp6Config } from "../../../config/dhcp6-config.ts";
import type { ConfigFault } from "../../../config/fault.ts";
import type { Ipv4 } from "../../../ip/ipv4.ts";
import type { Ipv6Key } from "../../../ip/ipv6-key.ts";
import type { LeaseCsv } from "../../../leases/csv/lease-csv.ts";
import type { Lease } from "../../../leases/model/lease.ts";
import type { Found, LeaseBatch, LeaseTally } from "../../../leases/model/lease-store.ts";
import type { LeaseBatch4 } from "../../../leases/model/lease-store4.ts";
import type { LeaseBatch6 } from "../../../leases/model/lease-store6.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import type { Sought } from "../../../leases/model/sought.ts";
import type { Statistic } from "../../../stats/statistic.ts";
import type { SubnetIndex4 } from "../../../subnets/select/subnet-index4.ts";
import type { SubnetIndex6 } from "../../../subnets/select/subnet-index6.ts";
import type { Summoner } from "../../../summons/summoner.ts";
import type { DhcpContext } from "../../dhcp-context.ts";
import type { ConfigChange, EditContext } from "../../edit-config.ts";
import type { Json } from "../../kea-json.ts";
import type { RecentEvents } from "../event/recent-events.ts";
import type { ReservationContext4, ReservationContext6 } from "../reservation/reservation-family.ts";
import type { LeaseChanges, NameChanges } from "./decide-on-leases.ts";

/** A lease of either family; `<` sorts the addresses of one. */
export type AnyLease = Lease & { readonly address: number | string };

export interface LeaseContext<L extends AnyLease> extends DhcpContext, LeaseChanges<L>, NameChanges<L> {
  /** As `LeaseStore.begin`. */
  begin(): LeaseBatch<L>;
  /**
   * Up to `limit` leases, and in any case all of one address, behind `after`, ascending; those on offer left out.
   * @param sought leases that do not have it may be left out
   */
  page(after: L["address"] | undefined, limit: number, sought?: Sought): Found<L>;
  /** As `page`, of those with a name, in upper or lower case. Absent where all leases are in memory. */
  readonly named: ((name: string, after: L["address"] | undefined, limit: number) => Found<L>) | undefined;
  parseAddress(text: string): L["address"] | undefined;
  /** Of the leases: see `LeaseClock`. */
  leaseTime(): Seconds;
  /** As answers show a lease. */
  describe(lease: L): Json;
  /** The subnets of the configuration in force, ascending. */
  subnetIds(): readonly number[];
  /** What is counted in one of them. */
  subnetStatistics(id: number): Readonly<Record<string, Statistic>>;
  /** As `LeaseStore.countHeld`. */
  readonly countHeld: (() => Promise<readonly LeaseTally[]>) | undefined;
  /** Has the DNS told the names of a lease again. @returns false when it has none, or too much is under way */
  resendNames(lease: L): boolean;
  /** As `SharedNames.resendSince`. */
  resendNamesSince(since: Seconds): void;
  /** What has become of leases and packets. */
  readonly events: Pick<RecentEvents<L>, "since">;
  readonly leaseCsv: LeaseCsv<L>;
  /** Where the leases are kept, if it is a file. */
  readonly leaseFile: string | undefined;
  /** The folder in which commands may write files of leases. */
  readonly dataDirectory: string;
}

/** With batches of the family's own. */
export interface BatchContext<L extends AnyLease, Batch extends LeaseBatch<L>> extends LeaseContext<L> {
  begin(): Batch;
}

export interface LeaseContext4
  extends BatchContext<Lease4, LeaseBatch4>,
    EditContext<Dhcp4Config>,
    Pick<ReservationContext4, "hostDatabases" | "readReservation" | "reservationChanged"> {
  config(): Dhcp4Config;
  check(config: Dhcp4Config): readonly ConfigFault[];
  changeConfig(change: ConfigChange<Dhcp4Config>): Promise<void>;
  subnets(): SubnetIndex4;
  readonly summoner: Summoner<Lease4>;
  /** An interface that is served. */
  served(name: string): { readonly addresses: readonly Ipv4[] } | undefined;
}

export interface LeaseContext6
  extends BatchContext<Lease6, LeaseBatch6>,
    EditContext<Dhcp6Config>,
    Pick<ReservationContext6, "hostDatabases" | "readReservation" | "reservationChanged"> {
  config(): Dhcp6Config;
  check(config: Dhcp6Config): readonly ConfigFault[];
  changeConfig(change: ConfigChange<Dhcp6Config>): Promise<void>;
  subnets(): SubnetIndex6;
  readonly summoner: Summoner<Lease6>;
  /** An interface that is served. */
  served(name: string): { readonly addresses: readonly Ipv6Key[] } | undefined;
}
