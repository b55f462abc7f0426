/** A database of DHCPv4 leases in memory. Tests only. */
import type { Ipv4 } from "../../ip/ipv4.ts";
import { family4 } from "../database/shared-store4.ts";
import type { PoolRange4 } from "../model/lease-store4.ts";
import type { Lease4 } from "../model/lease4.ts";
import { FamilyMemoryDatabase } from "./family-memory-database.ts";

export class MemoryDatabase4 extends FamilyMemoryDatabase<Lease4, Ipv4, PoolRange4> {
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
