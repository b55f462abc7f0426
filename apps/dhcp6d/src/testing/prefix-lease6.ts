/** Leases of delegated prefixes for tests, and a store that has them on file. */
import { ManualClock } from "@kotare/core/base/clock";
import type { RoutedConfig } from "@kotare/core/config/pd-routes6";
import { maskIpv6Key } from "@kotare/core/ip/ipv6-key";
import { Memfile6 } from "@kotare/core/leases/file/memfile6";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { HwaddrSource, type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { withNextHop } from "@kotare/core/leases/user-context/next-hop6";
import { CrashDisk } from "@kotare/core/storage/testing/crash-disk";
import { ip6 } from "./test-server6.ts";

/** When each lease was given; it lasts 1,000 seconds. */
export const GIVEN_AT = 1_000_000;

/**
 * @param text `2001:db8:1::/48 via fe80::1 dev eth0` as in `ip route`, or the prefix alone for a lease without a route
 */
export function prefixLease(text: string, change: Partial<Lease6> = {}): Lease6 {
  const [prefix, , via, , dev] = text.split(" ");
  const [address, length] = prefix!.split("/");
  return {
    type: LeaseType6.prefix,
    address: maskIpv6Key(ip6(address!), Number(length)),
    prefixLength: Number(length),
    duid: Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1),
    iaid: 1,
    preferredLifetime: 600,
    validLifetime: 1000,
    cltt: GIVEN_AT,
    subnetId: 1,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    hwaddr: new Uint8Array(0),
    hwtype: 0,
    hwaddrSource: HwaddrSource.unknown,
    userContext: via === undefined ? "" : withNextHop("", { via: ip6(via), dev: dev! }),
    ...change,
  };
}

/** A configuration in which the global scope says it. */
export const pdRoutes = (isOn: boolean): RoutedConfig => ({
  "user-context": { kotare: { "pd-routes": isOn } },
  "shared-networks": [],
  subnet6: [],
});

export async function storeWith(...leases: readonly Lease6[]): Promise<Memfile6> {
  const store = await Memfile6.open({
    path: "/leases/kea-leases6.csv",
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    clock: new ManualClock(GIVEN_AT),
    report: () => {},
    disk: new CrashDisk(),
  });
  const batch = store.begin();
  for (const lease of leases) batch.put(lease);
  await batch.commit();
  return store;
}
