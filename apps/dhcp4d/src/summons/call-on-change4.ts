/** Has DHCPv4 clients come back when what they are given has changed. */
import { latin1 } from "@kotare/core/base/bytes";
import type { Clock } from "@kotare/core/base/clock";
import type { LeaseStore4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import type { Logger } from "@kotare/core/log/logger";
import { CallOnChange } from "@kotare/core/summons/call-on-change";
import type { Summoner } from "@kotare/core/summons/summoner";
import { summons4 } from "../report/messages4.ts";

export function callOnChange4(
  summoner: Summoner<Lease4>,
  store: Pick<LeaseStore4, "page">,
  leaseClock: Pick<Clock, "wall">,
  log: Pick<Logger, "log">,
): CallOnChange<Lease4> {
  return new CallOnChange("subnet4", {
    summoner,
    page: (after = -1, limit) => store.page(after, limit),
    keyOf,
    now: () => leaseClock.wall(),
    onBegin: (subnets) => log.log(summons4.DHCP4_CALL_ON_CHANGE, { subnets }),
  });
}

function keyOf({ hwaddr, clientId }: Lease4, type: string): string | undefined {
  if (type === "hw-address") return latin1(hwaddr);
  return type === "client-id" && clientId !== undefined ? latin1(clientId) : undefined;
}
