/** What a DHCPv6 server is made of. */

import type { Clock } from "@kotare/core/base/clock";
import type { DaemonPaths } from "@kotare/core/daemon/paths";
import type { LeaseClock } from "@kotare/core/leases/model/lease-clock";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import type { Logger } from "@kotare/core/log/logger";
import type { Statistics } from "@kotare/core/stats/statistics";
import type { statistics6 } from "@kotare/core/stats/statistics6";
import type { Ports6 } from "./reply/destination6.ts";

export interface ServerParts6 {
  readonly store: LeaseStore6;
  readonly leaseClock: LeaseClock;
  readonly clock: Clock;
  readonly log: Logger;
  readonly statistics: Statistics<typeof statistics6>;
  readonly paths: DaemonPaths;
  readonly ports: Ports6;
  readonly onStatus: (status: string) => void;
  readonly giveUp: (why: string) => void;
}
