/** All leases of a store or a table, in pages. */
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { LeaseStore4 } from "./lease-store4.ts";
import type { LeaseStore6 } from "./lease-store6.ts";
import type { Lease4 } from "./lease4.ts";
import { type Lease6, LeaseType6 } from "./lease6.ts";

/** Worth a round trip, and little to hold. */
const PAGE = 1000;

/** Ascending. */
export async function* pagesOf4(leases: Pick<LeaseStore4, "page">): AsyncGenerator<readonly Lease4[]> {
  for (let after = -1; ; ) {
    const page = await leases.page(after, PAGE);
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)!.address;
  }
}

/** Addresses, then prefixes; each ascending. */
export async function* pagesOf6(leases: Pick<LeaseStore6, "page">): AsyncGenerator<readonly Lease6[]> {
  for (const type of [LeaseType6.address, LeaseType6.prefix]) {
    for (let after: Ipv6Key | undefined; ; ) {
      const page: readonly Lease6[] = await leases.page(type, after, PAGE);
      if (page.length === 0) break;
      yield page;
      after = page.at(-1)!.address;
    }
  }
}
