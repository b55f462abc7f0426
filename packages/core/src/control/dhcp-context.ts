/** What the commands of a DHCP server work on, beside those of every daemon. */
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import type { Dhcp6Config } from "../config/dhcp6-config.ts";
import type { DaemonContext } from "./daemon-context.ts";
import type { ServiceState } from "./service-state.ts";

export interface DhcpContext extends DaemonContext {
  readonly family: 4 | 6;
  readonly service: ServiceState;
  config(): Dhcp4Config | Dhcp6Config;
  /** @param isForgotten whether leases that are over are not kept for their clients */
  reclaim(isForgotten: boolean): Promise<void>;
}
