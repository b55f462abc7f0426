/** Which addresses and prefixes a client's associations get, and by which rule: those of `allocateIa6`. */
import { equalBytes } from "@kotare/core/base/bytes";
import type { Section } from "@kotare/core/control/explanation";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { formatIpv6Key, type Ipv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Given6, IaAnswer, Reply6 } from "../path/outcome6.ts";
import type { Query6 } from "../path/query6.ts";

export function explainLeases6(query: Query6, { ias }: Reply6): Section {
  return { title: "leases", lines: ias.flatMap((ia) => explainIa(query, ia)) };
}

export function describeLease6({ address, length }: { readonly address: Ipv6Key; readonly length: number }): string {
  return length === 128 ? formatIpv6Key(address) : `${formatIpv6Key(address)}/${length}`;
}

function explainIa(query: Query6, { code, iaid, given, status, t1, t2 }: IaAnswer): readonly string[] {
  const name = `${code === Option6.iaPd ? "IA_PD" : "IA_NA"} ${iaid}`;
  if (given.length === 0) return [`${name}: nothing${status === undefined ? "" : `, ${status.text}`}`];
  return [
    `${name}, T1 ${t1} s, T2 ${t2} s`,
    ...given.flatMap((lease) => {
      const { place, pool, lifetimes, isCached } = lease;
      const where =
        pool === undefined ? "outside of all pools" : `in a pool from ${formatIpv6Key(pool.range.first)} on`;
      return [
        `  ${describeLease6(lease)}, ${where} of ${place.subnet.text}, for ${lifetimes.valid} s, preferred ${lifetimes.preferred} s`,
        `  why: ${ruleOf(query, lease)}`,
        ...(isCached ? ["  its lease is confirmed as it is: cache-threshold, cache-max-age"] : []),
      ];
    }),
  ];
}

function ruleOf({ duid }: Query6, { reserved, current, searched, place, pool }: Given6): string {
  if (reserved !== undefined) return "it is reserved for the client";
  if (current !== undefined && equalBytes(current.duid, duid)) {
    return current.state === LeaseState.offered ? "the client was offered it" : "the client has had it";
  }
  const before = current === undefined ? "nobody has had it" : "the lease that was there is over";
  if (searched === undefined) return `the client asks for it, and ${before}`;
  const { allocator, pdAllocator } = place.subnet.parameters;
  const isPrefix = pool !== undefined && pool.range.length < 128;
  return `any would do, and ${before}; the allocator is ${isPrefix ? pdAllocator : allocator}`;
}
