/** Has DHCPv6 clients come back when what they are given has changed. */
import { latin1 } from "@kotare/core/base/bytes";
import type { Clock } from "@kotare/core/base/clock";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import type { Logger } from "@kotare/core/log/logger";
import { CallOnChange } from "@kotare/core/summons/call-on-change";
import type { Summoner } from "@kotare/core/summons/summoner";
import { summons6 } from "../report/messages6.ts";
import { pageOf } from "../take-commands6.ts";

export function callOnChange6(
  summoner: Summoner<Lease6>,
  store: LeaseStore6,
  leaseClock: Pick<Clock, "wall">,
  log: Pick<Logger, "log">,
): CallOnChange<Lease6> {
  return new CallOnChange("subnet6", {
    summoner,
    page: (after, limit) => pageOf(store, after, limit),
    keyOf,
    now: () => leaseClock.wall(),
    onBegin: (subnets) => log.log(summons6.DHCP6_CALL_ON_CHANGE, { subnets }),
  });
}

function keyOf({ duid, hwaddr }: Lease6, type: string): string | undefined {
  if (type === "duid") return latin1(duid);
  return type === "hw-address" && hwaddr.length > 0 ? latin1(hwaddr) : undefined;
}
