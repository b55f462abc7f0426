/** The limits that extensions put on how many leases are in use. */
import type { Contributions } from "@kotare/extension";
import type { LeaseLimit } from "../../leases/model/lease-limit.ts";
import { LeaseType6 } from "../../leases/model/lease6.ts";

/** @throws TypeError when an entry is no limit */
export function leaseLimitsOf({ leaseLimits = [] }: Contributions): readonly LeaseLimit[] {
  return leaseLimits.map(({ of, kind, most }) => {
    const isOf = typeof of === "string" || Number.isInteger(of);
    const isCount = Number.isInteger(most) && most >= 0;
    const type = kind === "address" || kind === "prefix" ? LeaseType6[kind] : undefined;
    if (!isOf || !isCount || type === undefined) throw new TypeError("leaseLimits has an entry that is none");
    return { of, type, most };
  });
}
