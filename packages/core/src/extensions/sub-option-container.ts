/** Options that carry others, as extensions read and write them. */
import type { SubOption, SubOptionContainer } from "@kotare/extension";
import { type OptionFamily, spaceOf } from "../options/option-family.ts";
import type { OptionSpaces } from "../options/option-spaces.ts";
import { enterpriseOf } from "../options/vendor-space.ts";
import { Reader } from "../wire/reader.ts";
import { Writer } from "../wire/writer.ts";

/** As `OptionNames.containerOf`. */
export function containerOf(
  code: number,
  given: string | undefined,
  spaces: OptionSpaces,
): SubOptionContainer | undefined {
  const { family } = spaces;
  const space = given === undefined ? spaces.byCode(family.space, code)?.encapsulates : spaceOf(given, family);
  if (space === undefined) return undefined;
  if (code !== family.vendorOptions.code) {
    return { space, decode: (payload) => decode(payload, family), encode: (options) => encode(options, family) };
  }
  const enterprise = enterpriseOf(space);
  return enterprise === undefined ? undefined : { space, ...vendorContainer(enterprise, family) };
}

function vendorContainer(enterprise: number, family: OptionFamily): Omit<SubOptionContainer, "space"> {
  const { type } = family.vendorOptions;
  const vendorsIn = (payload: Uint8Array) => type.decode(new Reader(payload));
  return {
    decode(payload) {
      const own = vendorsIn(payload).find((vendor) => vendor.enterprise === enterprise);
      return own && decode(own.data, family);
    },
    encode(options, before) {
      const others = before === undefined ? [] : vendorsIn(before).filter((vendor) => vendor.enterprise !== enterprise);
      const writer = new Writer();
      type.encode([{ enterprise, data: encode(options, family) }, ...others], writer);
      return writer.take();
    },
  };
}

function decode(payload: Uint8Array, family: OptionFamily): readonly SubOption[] {
  return family.decodeSubOptions(payload, "sub-options ");
}

function encode(options: readonly SubOption[], family: OptionFamily): Uint8Array {
  const writer = new Writer();
  for (const option of options) family.writeSubOption(option, writer);
  return writer.take();
}
