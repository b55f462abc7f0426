/** Another subnet for a client whose own is not fit for what it is to get. */
import type { SubnetNeeds } from "@kotare/extension";
import { admits, type ClassGuard } from "../class-guard.ts";

interface WithPools {
  /** Of addresses. */
  readonly pools: readonly { readonly guard: ClassGuard }[];
}

/** How a family finds subnets. */
export interface Finding<Subnet> {
  /** By where the client is, among those that are also accepted. */
  select(accepts: (subnet: Subnet) => boolean): Subnet | undefined;
  contains(subnet: Subnet, address: string): boolean;
  byAddress(address: string): Subnet | undefined;
}

/** @returns the selected subnet where it is fit; `undefined` where none is. A pool comes first: nothing else counts then. */
export function reselectSubnet<Subnet extends WithPools>(
  selected: Subnet,
  { poolClass, address }: SubnetNeeds,
  { select, contains, byAddress }: Finding<Subnet>,
): Subnet | undefined {
  if (poolClass !== undefined) {
    const classes = new Set([poolClass]);
    const hasPool = ({ pools }: Subnet) => pools.some(({ guard }) => admits(guard, classes));
    if (!hasPool(selected)) return select(hasPool);
  }
  return address === undefined || contains(selected, address) ? selected : byAddress(address);
}
