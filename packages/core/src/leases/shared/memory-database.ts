/** A database of DHCPv4 leases in memory. Tests only. */
import type { Ipv4 } from "../../ip/ipv4.ts";
import type { PoolRange } from "../lease-store.ts";
import type { Lease4 } from "../lease4.ts";
import { FamilyMemoryDatabase } from "./family-memory-database.ts";
import { family4 } from "./shared-store4.ts";

export class MemoryDatabase extends FamilyMemoryDatabase<Lease4, Ipv4, PoolRange> {
  constructor() {
    super(family4, {
      includes: ({ first, last }, address) => address >= first && address <= last,
      *members({ excluded }, { first, last }) {
        for (let address = first; address <= last; address++) if (!excluded.includes(address)) yield address;
      },
      isCrossing: () => false,
    });
  }
}
