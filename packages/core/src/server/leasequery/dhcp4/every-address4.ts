/** RFC 6926 §8.2: all that is configured, whether somebody has it or not: leases, and between them what was never leased. */
import type { Ipv4 } from "../../../ip/ipv4.ts";
import { LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseStore4 } from "../../../leases/model/lease-store4.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { type AddressSet4, NO_ADDRESS } from "../../../leases/rows/address-set4.ts";

export interface Range4 {
  readonly first: Ipv4;
  readonly last: Ipv4;
}

const NO_HWADDR = new Uint8Array(0);

/** What was never leased, as a lease: nobody has had it since time began. */
function neverLeased(address: Ipv4): Lease4 {
  return {
    address,
    hwaddr: NO_HWADDR,
    clientId: undefined,
    validLifetime: 0,
    cltt: 0,
    subnetId: 0,
    poolId: 0,
    state: LeaseState.reclaimed,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    userContext: "",
  };
}

export function wasLeased({ cltt }: Lease4): boolean {
  return cltt !== 0;
}

/** What is leased in `span`, and all that is in `pools` or reserved, ascending, as it is when its page comes. */
export async function* everyAddress4(
  store: LeaseStore4,
  pageSize: number,
  span: Range4,
  pools: readonly Range4[],
  reserved: AddressSet4,
): AsyncGenerator<readonly Lease4[]> {
  const nextInPools = ascend(pools);
  const nextConfigured = (least: Ipv4) => Math.min(nextInPools(least), reserved.next(least));
  for (let last = span.first - 1, limit = pageSize; ; ) {
    const leases = await store.page(last, limit);
    // Behind a full page there may be others.
    const end = leases.length < limit ? span.last : Math.min(span.last, leases.at(-1)!.address);
    const page: Lease4[] = [];
    let used = 0;
    while (page.length < pageSize) {
      const lease = leases[used];
      const address = Math.min(lease?.address ?? NO_ADDRESS, nextConfigured(last + 1));
      if (address > end) break;
      const isHeld = lease?.address === address;
      if (isHeld) used += 1;
      page.push(isHeld ? lease : neverLeased(address));
      last = address;
    }
    if (page.length === 0) return;
    yield page;
    // Where few addresses are leased, few leases are asked for.
    limit = Math.min(pageSize, 2 * used + 1);
  }
}

/** @returns what finds the first address of the ranges that is no lower than one: these must not descend */
function ascend(ranges: readonly Range4[]): (least: Ipv4) => number {
  const sorted = [...ranges].sort((a, b) => a.first - b.first);
  let at = 0;
  return (least) => {
    while (at < sorted.length && sorted[at]!.last < least) at += 1;
    return at < sorted.length ? Math.max(least, sorted[at]!.first) : NO_ADDRESS;
  };
}
