/** Leasequery by TCP, for DHCPv6. */
import type { LeaseStore6 } from "../../../leases/model/lease-store6.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import { relayIdsOf } from "../../../leases/user-context/relay-info6.ts";
import type { SubnetIndex6 } from "../../../subnets/select/subnet-index6.ts";
import { QueryListener, type StoreParts } from "../query-listener.ts";
import { RelayIndex } from "../relay-index.ts";
import { keyOf6 } from "./find-leases6.ts";
import { queryFamily6 } from "./query-family6.ts";

interface Compiled {
  readonly scope: { readonly subnets: SubnetIndex6 };
  readonly settings: { readonly prefixLengths: readonly number[] };
  readonly serverDuid: Uint8Array;
}

export function queryListener6({ store, leaseClock, log }: StoreParts<LeaseStore6>): QueryListener<Lease6, Compiled> {
  const relays = new RelayIndex<Lease6>({
    keyOf: keyOf6,
    idsOf: ({ userContext }, kind) => relayIdsOf(userContext, kind),
  });
  const listener: QueryListener<Lease6, Compiled> = new QueryListener({
    number: 6,
    family: queryFamily6({
      source() {
        const { prefixLengths } = listener.service.settings;
        return { store, relays, pageSize: listener.pageSize, prefixLengths, withheld: listener.withheld };
      },
      subnets: () => listener.service.scope.subnets,
      serverDuid: () => listener.service.serverDuid,
    }),
    store,
    relays,
    log,
    now: () => Math.floor(leaseClock.wall()),
  });
  return listener;
}
