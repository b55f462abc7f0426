/** Option 125 of a reply: what is configured for the vendors that the client names (RFC 3925, DOCSIS). */

import { type Message4, Option4 } from "@kotare/core/dhcp4/message4";
import { dhcp4Spaces } from "@kotare/core/dhcp4/options/dhcp4-spaces";
import { vendorOptions4, writeVendors } from "@kotare/core/dhcp4/options/vendor-options4";
import type { VendorData } from "@kotare/core/options/vendor-space";
import type { EffectiveOption, EffectiveOptions } from "@kotare/core/subnets/options/effective-options";
import { optionWire4 } from "@kotare/core/subnets/options/option-wire4";
import { selectVendors } from "@kotare/core/subnets/options/select-vendors";
import { Reader } from "@kotare/core/wire/reader";
import { Writer } from "@kotare/core/wire/writer";

/**
 * @param selected what the client gets beside that; of vendors that it names the better answer stands in its place
 * @throws DecodeError when the client's own option 124 or 125 is broken
 */
export function withVendorOptions4(
  selected: readonly EffectiveOption[],
  message: Message4,
  options: EffectiveOptions,
): readonly EffectiveOption[] {
  if (options.vendors.size === 0) return selected;
  const named = new Map<number, Uint8Array | undefined>();
  for (const code of [Option4.vendorClasses, Option4.vendorOptions]) {
    const payload = message.option(code);
    if (payload === undefined) continue;
    for (const { enterprise, data } of vendorOptions4.decode(
      new Reader(payload, `option ${code}`, message.offsetOf(code)),
    )) {
      named.set(enterprise, code === Option4.vendorOptions ? data : named.get(enterprise));
    }
  }
  const vendors = selectVendors(named, options, dhcp4Spaces.family, optionWire4);
  if (vendors.length === 0) return selected;
  const others: EffectiveOption[] = [];
  const answers = new Map<number, VendorData>();
  for (const option of selected) {
    if (option.code !== Option4.vendorOptions) others.push(option);
    else for (const each of vendorOptions4.decode(new Reader(option.payload))) answers.set(each.enterprise, each);
  }
  for (const each of vendors) answers.set(each.enterprise, each);
  const payload = new Writer();
  writeVendors([...answers.values()], payload);
  return [...others, { code: Option4.vendorOptions, payload: payload.take() }];
}
