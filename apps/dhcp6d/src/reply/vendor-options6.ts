/** Options 17 of a reply: what is configured for the vendors that the client names (RFC 8415 §21.17, DOCSIS). */
import { readU32 } from "@kotare/core/base/big-endian";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { dhcp6Spaces } from "@kotare/core/dhcp6/options/dhcp6-spaces";
import type { VendorData } from "@kotare/core/options/vendor-space";
import type { EffectiveOption, EffectiveOptions } from "@kotare/core/subnets/options/effective-options";
import { optionWire6 } from "@kotare/core/subnets/options/option-wire6";
import { selectVendors } from "@kotare/core/subnets/options/select-vendors";
import { Writer } from "@kotare/core/wire/writer";

/**
 * @param selected what the client gets beside that; of vendors that it names the better answer stands in its place
 * @throws DecodeError when the client's own option 16 or 17 is broken, unless options are parsed leniently
 */
export function withVendorOptions6(
  selected: readonly EffectiveOption[],
  message: Message6,
  options: EffectiveOptions,
): readonly EffectiveOption[] {
  if (options.vendors.size === 0) return selected;
  const vendors = message.leniently(() => selectFor(message, options)) ?? [];
  if (vendors.length === 0) return selected;
  const answered = new Set(vendors.map(({ enterprise }) => enterprise));
  return [
    ...selected.filter(({ code, payload }) => code !== Option6.vendorOptions || !answered.has(readU32(payload, 0))),
    ...vendors.map(({ enterprise, data }) => ({
      code: Option6.vendorOptions,
      payload: new Writer().u32(enterprise).bytes(data).take(),
    })),
  ];
}

function selectFor(message: Message6, options: EffectiveOptions): VendorData[] {
  const named = new Map<number, Uint8Array | undefined>();
  for (const { enterprise } of message.vendors(Option6.vendorClass)) named.set(enterprise, undefined);
  for (const { enterprise, data } of message.vendors(Option6.vendorOptions)) named.set(enterprise, data);
  return selectVendors(named, options, dhcp6Spaces.family, optionWire6);
}
