/** What a DHCPv4 server is made of. */

import type { Clock } from "@kotare/core/base/clock";
import type { DaemonPaths } from "@kotare/core/daemon/paths";
import type { LeaseClock } from "@kotare/core/leases/model/lease-clock";
import type { LeaseStore } from "@kotare/core/leases/model/lease-store";
import type { Logger } from "@kotare/core/log/logger";
import type { Statistics } from "@kotare/core/stats/statistics";
import type { statistics4 } from "@kotare/core/stats/statistics4";
import type { Ports } from "./reply/destination4.ts";

export interface ServerParts4 {
  readonly store: LeaseStore;
  readonly leaseClock: LeaseClock;
  readonly clock: Clock;
  readonly log: Logger;
  readonly statistics: Statistics<typeof statistics4>;
  readonly paths: DaemonPaths;
  readonly ports: Ports;
  readonly onStatus: (status: string) => void;
  readonly giveUp: (why: string) => void;
}
