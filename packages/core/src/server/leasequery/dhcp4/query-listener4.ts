/** Leasequery by TCP, for DHCPv4. */
import { formatHex } from "../../../base/hex.ts";
import type { LeaseStore4 } from "../../../leases/model/lease-store4.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { agentIdOf } from "../../../leases/user-context/agent-options4.ts";
import { QueryListener, type StoreParts } from "../query-listener.ts";
import { RelayIndex } from "../relay-index.ts";
import { queryFamily4 } from "./query-family4.ts";
import type { ReservedIn4 } from "./reserved-addresses4.ts";

export function queryListener4({
  store,
  leaseClock,
  log,
}: StoreParts<LeaseStore4>): QueryListener<Lease4, ReservedIn4> {
  const keyOf = ({ address }: Lease4) => address;
  const relays = new RelayIndex<Lease4>({
    keyOf,
    idsOf({ userContext }, kind) {
      const id = agentIdOf(userContext, kind);
      return id === undefined ? [] : [formatHex(id, "").toUpperCase()];
    },
  });
  const listener: QueryListener<Lease4, ReservedIn4> = new QueryListener({
    number: 4,
    family: queryFamily4(
      () => ({ store, relays, pageSize: listener.pageSize, service: listener.service, withheld: listener.withheld }),
      () => listener.service.scope.subnets,
    ),
    store,
    relays,
    log,
    now: () => Math.floor(leaseClock.wall()),
  });
  return listener;
}
