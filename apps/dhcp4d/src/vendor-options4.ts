/** Option 125 of a reply: what is configured for the vendors that the client names (RFC 3925, DOCSIS). */

import { Option4 } from "@kotare/core/dhcp4/message4";
import { dhcp4Spaces } from "@kotare/core/dhcp4/options/dhcp4-spaces";
import { vendorOptions, writeVendors } from "@kotare/core/dhcp4/options/vendor-options";
import type { EffectiveOption, EffectiveOptions } from "@kotare/core/subnets/effective-options";
import { optionWire4 } from "@kotare/core/subnets/option-wire4";
import { selectVendors } from "@kotare/core/subnets/select-vendors";
import { Reader } from "@kotare/core/wire/reader";
import { Writer } from "@kotare/core/wire/writer";
import type { Query4 } from "./query4.ts";

/** @throws DecodeError when the client's own option 124 or 125 is broken */
export function selectVendorOptions({ message }: Query4, options: EffectiveOptions): readonly EffectiveOption[] {
  if (options.vendors.size === 0) return NONE;
  const named = new Map<number, Uint8Array | undefined>();
  for (const code of [Option4.vendorClasses, Option4.vendorOptions]) {
    const payload = message.option(code);
    if (payload === undefined) continue;
    for (const { enterprise, data } of vendorOptions.decode(
      new Reader(payload, `option ${code}`, message.offsetOf(code)),
    )) {
      named.set(enterprise, code === Option4.vendorOptions ? data : named.get(enterprise));
    }
  }
  const vendors = selectVendors(named, options, dhcp4Spaces.family, optionWire4);
  if (vendors.length === 0) return NONE;
  const payload = new Writer();
  writeVendors(vendors, payload);
  return [{ code: Option4.vendorOptions, payload: payload.take() }];
}

const NONE: readonly EffectiveOption[] = [];
