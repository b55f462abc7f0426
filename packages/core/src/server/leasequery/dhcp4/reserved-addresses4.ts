/** RFC 6926 §8.2: what is reserved is configured, too, in pools and outside of them. */

import { GLOBAL } from "../../../hosts/database/host-database.ts";
import type { HostDatabase4 } from "../../../hosts/database/host-database4.ts";
import type { HostIndex4 } from "../../../hosts/model/host4.ts";
import { type Ipv4, parseIpv4 } from "../../../ip/ipv4.ts";
import type { AddressSet4 } from "../../../leases/rows/address-set4.ts";
import type { SubnetIndex4 } from "../../../subnets/select/subnet-index4.ts";
import type { Subnet4 } from "../../../subnets/subnet4.ts";

/** Where reservations are. */
export interface ReservedIn4 {
  readonly scope: { readonly subnets: SubnetIndex4; readonly globalHosts: HostIndex4 };
  readonly hostSources: readonly { readonly database: Pick<HostDatabase4, "page"> }[];
}

/**
 * In steps, between which packets are served.
 * @param links whose reservations count; `undefined` for all
 * @param found takes the addresses
 */
export async function* collectReserved4(
  { scope: { subnets, globalHosts }, hostSources }: ReservedIn4,
  links: readonly Subnet4[] | undefined,
  pageSize: number,
  found: AddressSet4,
): AsyncGenerator<void> {
  let count = 0;
  function* take(addresses: Iterable<Ipv4>): Generator<void> {
    for (const address of addresses) {
      // One that is reserved globally may be of no subnet.
      if (subnets.byAddress(address) !== undefined) found.add(address);
      if (++count % pageSize === 0) yield;
    }
  }
  for (const { hosts } of links ?? subnets.all()) yield* take(hosts.addresses());
  yield* take(globalHosts.addresses());
  const ids = links === undefined ? [undefined] : [GLOBAL, ...links.map(({ id }) => id)];
  for (const { database } of hostSources) {
    for (const subnetId of ids) {
      for (let after = 0; ; ) {
        const records = await database.page({ after, limit: pageSize, subnetId });
        if (records.length === 0) break;
        yield* take(records.flatMap(({ reservation }) => addressOf(reservation)));
        after = records.at(-1)!.id;
      }
    }
  }
}

/** Of a reservation as its database has it. */
function addressOf(reservation: { readonly "ip-address"?: unknown }): readonly Ipv4[] {
  const text = reservation["ip-address"];
  const address = typeof text === "string" ? parseIpv4(text) : undefined;
  return address === undefined ? [] : [address];
}
