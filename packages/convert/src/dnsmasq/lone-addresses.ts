/** Addresses that some hosts get only while they have certain tags: pools of one address each, which are no other client's. */
import { formatNumber, parseNumber, type Range } from "../translate/address-ranges.ts";
import type { Json } from "../translate/parameters.ts";
import { append } from "../translate/write-subnets.ts";
import type { Tags } from "./tags.ts";

export interface LoneAddress {
  readonly subnet: Json;
  readonly address: string;
  /** Of those who get it, and no other one. */
  readonly className: string;
}

/** When all pools are there, with their guards. */
export function addLonePools(lone: readonly LoneAddress[], tags: Tags, family: 4 | 6): void {
  for (const subnet of new Set(lone.map((each) => each.subnet))) {
    const ofSubnet = lone.filter((each) => each.subnet === subnet);
    const pools = (subnet["pools"] ?? []) as Json[];
    const addresses = [...new Set(ofSubnet.map(({ address }) => parseNumber(address, family)!))].sort(ascending);
    const names = ofSubnet.map(({ className }) => className);
    subnet["pools"] = pools.flatMap((pool) => {
      const guard = tags.without(pool["client-class"] as string | undefined, names);
      return rest(rangeOf(String(pool["pool"]), family), addresses).map(({ first, last }) => ({
        ...pool,
        pool: `${formatNumber(first, family)} - ${formatNumber(last, family)}`,
        "client-class": guard,
      }));
    });
    for (const { address, className } of ofSubnet)
      append(subnet, "pools", { pool: `${address} - ${address}`, "client-class": className });
  }
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : 1;
}

function rangeOf(pool: string, family: 4 | 6): Range {
  const [first = "", last = ""] = pool.split(" - ");
  return { first: parseNumber(first, family)!, last: parseNumber(last, family)! };
}

/** What is left of a range without some addresses, in their order. */
function rest({ first, last }: Range, addresses: readonly bigint[]): Range[] {
  const parts: Range[] = [];
  let next = first;
  for (const address of addresses.filter((each) => first <= each && each <= last)) {
    if (next < address) parts.push({ first: next, last: address - 1n });
    next = address + 1n;
  }
  if (next <= last) parts.push({ first: next, last });
  return parts;
}
