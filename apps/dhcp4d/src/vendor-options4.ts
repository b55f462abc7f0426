/** Option 125 of a reply: what is configured for the vendors that the client names (RFC 3925, DOCSIS). */

import { Option4 } from "@kotare/core/dhcp4/message4";
import { decodeSubOptions, writeSubOption } from "@kotare/core/dhcp4/options/sub-options";
import { vendorOptions, writeVendors } from "@kotare/core/dhcp4/options/vendor-options";
import type { EffectiveOption, EffectiveOptions } from "@kotare/core/subnets/effective-options";
import { Reader } from "@kotare/core/wire/reader";
import { Writer } from "@kotare/core/wire/writer";
import type { Query4 } from "./query4.ts";

/** CableLabs; sub-option 1 of its options is a request list of its own. */
const DOCSIS = 4491;
const DOCSIS_OPTION_REQUEST = 1;

/** @throws DecodeError when the client's own option 124 or 125 is broken */
export function selectVendorOptions({ message }: Query4, options: EffectiveOptions): readonly EffectiveOption[] {
  if (options.vendors.size === 0) return NONE;
  const asked = new Map<number, Uint8Array | undefined>();
  for (const code of [Option4.vendorClasses, Option4.vendorOptions]) {
    const payload = message.option(code);
    if (payload === undefined) continue;
    for (const { enterprise, data } of vendorOptions.decode(
      new Reader(payload, `option ${code}`, message.offsetOf(code)),
    )) {
      asked.set(enterprise, code === Option4.vendorOptions ? data : asked.get(enterprise));
    }
  }
  const vendors = [...asked].flatMap(([enterprise, data]) => {
    const configured = options.vendors.get(enterprise);
    if (configured === undefined) return [];
    const wanted = new Set([...configured.always, ...(enterprise === DOCSIS ? docsisRequests(data) : [])]);
    const writer = new Writer();
    for (const code of wanted) {
      const payload = configured.byCode.get(code);
      if (payload !== undefined) writeSubOption({ code, data: payload }, writer);
    }
    return writer.length === 0 ? [] : [{ enterprise, data: writer.take() }];
  });
  if (vendors.length === 0) return NONE;
  const payload = new Writer();
  writeVendors(vendors, payload);
  return [{ code: Option4.vendorOptions, payload: payload.take() }];
}

const NONE: readonly EffectiveOption[] = [];

function docsisRequests(data: Uint8Array | undefined): Iterable<number> {
  const subOptions = data === undefined ? [] : decodeSubOptions(data, "option 125 of enterprise 4491");
  return subOptions.find(({ code }) => code === DOCSIS_OPTION_REQUEST)?.data ?? [];
}
