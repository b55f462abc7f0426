/** A database of DHCPv6 leases in memory. Tests only. */

import { isInPrefix } from "../../ip/ipv6-key.ts";
import { indexIn, isInRange, memberAt } from "../../ip/ipv6-range.ts";
import { addressOfKey6, family6, type Key6, toKey6 } from "../database/shared-store6.ts";
import type { PoolRange6 } from "../model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../model/lease6.ts";
import { FamilyMemoryDatabase } from "./family-memory-database.ts";

export class MemoryDatabase6 extends FamilyMemoryDatabase<Lease6, Key6, PoolRange6> {
  constructor() {
    super(family6, {
      includes: ({ type, range }, key) => key.charCodeAt(0) === type && isInRange(range, addressOfKey6(key)),
      *members({ type, range, excluded }, { first, last }) {
        const [from, to] = [first, last].map((key) => indexIn(range, addressOfKey6(key))!);
        for (let index = from!; index <= to!; index++) {
          const address = memberAt(range, index);
          if (!excluded.includes(address)) yield toKey6(type, address);
        }
      },
      isCrossing: ({ range }, { type, address, prefixLength }) =>
        type === LeaseType6.prefix &&
        prefixLength !== range.length &&
        (isInRange(range, address) || isInPrefix(range.first, address, prefixLength)),
    });
  }
}
