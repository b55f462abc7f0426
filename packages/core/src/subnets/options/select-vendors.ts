/** What is configured for the vendors that a client names: options 125 (RFC 3925) and 17 (RFC 8415 §21.17). */
import type { OptionFamily } from "../../options/option-family.ts";
import type { VendorData } from "../../options/vendor-space.ts";
import { Writer } from "../../wire/writer.ts";
import type { EffectiveOptions, OptionWire } from "./effective-options.ts";

/** CableLabs; sub-option 1 of its options is a request list of its own. */
const DOCSIS = 4491;
const DOCSIS_OPTION_REQUEST = 1;

/**
 * What is always sent to a vendor, and what a DOCSIS device lists, in the order of the codes; only vendors for which there is something.
 * @param named the vendors that the client names, in its order, with the sub-options that it sends for them if any
 * @throws DecodeError when the sub-options of a DOCSIS device are broken
 */
export function selectVendors(
  named: ReadonlyMap<number, Uint8Array | undefined>,
  options: EffectiveOptions,
  family: OptionFamily,
  wire: OptionWire,
): VendorData[] {
  return [...named].flatMap(([enterprise, data]) => {
    const configured = options.vendors.get(enterprise);
    if (configured === undefined) return [];
    const listed = enterprise === DOCSIS ? docsisRequests(data, family, wire) : [];
    const writer = new Writer();
    for (const code of [...new Set([...configured.always, ...listed])].sort((a, b) => a - b)) {
      const payload = configured.byCode.get(code);
      if (payload !== undefined) family.writeSubOption({ code, data: payload }, writer);
    }
    return writer.length === 0 ? [] : [{ enterprise, data: writer.take() }];
  });
}

function docsisRequests(data: Uint8Array | undefined, family: OptionFamily, wire: OptionWire): Iterable<number> {
  if (data === undefined) return [];
  const subOptions = family.decodeSubOptions(data, `option ${family.vendorOptions.code} of enterprise ${DOCSIS}`);
  const list = subOptions.find(({ code }) => code === DOCSIS_OPTION_REQUEST);
  return list === undefined ? [] : wire.readRequested(list.data);
}
