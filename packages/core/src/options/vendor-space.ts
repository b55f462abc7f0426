/** Vendors and the spaces of their options: `vendor-4491`. */

import { keaTuples } from "../wire/byte-types.ts";
import type { KeaHead } from "../wire/option-type.ts";

/** What one vendor says, or is told. */
export interface VendorData {
  /** IANA enterprise number. */
  readonly enterprise: number;
  /** In the option of vendor classes: tuples, each behind its length. In that of vendor options: sub-options. */
  readonly data: Uint8Array;
}

/** Kea's line about a vendor's classes. */
export function keaVendor(enterprise: number, classes: readonly string[], { code, length }: KeaHead): string {
  const vendor = `  enterprise id=0x${enterprise.toString(16)}`;
  return `type=${code}, len=${length},${vendor}${keaTuples(classes, "vendor-class-data")}`;
}

/** The space of a vendor's sub-options. */
export function vendorSpace(enterprise: number): string {
  return `vendor-${enterprise}`;
}

/** The enterprise number of a space `vendor-<number>`. */
export function enterpriseOf(space: string): number | undefined {
  const digits = /^vendor-(\d{1,10})$/.exec(space)?.[1];
  return digits === undefined || Number(digits) > 0xffff_ffff ? undefined : Number(digits);
}
