/** The options of DHCPv4 as a family, and the standard ones by name and code. */
import type { OptionFamily } from "../../options/option-family.ts";
import { OptionSpaces } from "../../options/option-spaces.ts";
import { vendorSpace } from "../../options/vendor-space.ts";
import { dhcp4Options } from "./index.ts";
import { cablelabsOptions, docsisOptions, relayAgentOptions } from "./sub-option-tables.ts";
import { decodeSubOptions4, writeSubOption4 } from "./sub-options4.ts";

const dhcp4Family: OptionFamily = {
  space: "dhcp4",
  aliases: { "docsis3-v4": vendorSpace(4491) },
  size: 1,
  // 0 and 255 are padding and end of a message; sub-options may have them.
  codes: [1, 254],
  definitions: [...Object.values(dhcp4Options), ...relayAgentOptions, ...cablelabsOptions, ...docsisOptions],
  // What option 43 and the vendors' own spaces hold is the vendors' business, so Kea lets it be defined.
  redefinable: [dhcp4Options.vendorEncapsulatedOptions, ...docsisOptions],
  // Kea: option 43 and the options for private use (RFC 3942 §2).
  isDefinedByClasses: (code) => code === 43 || (code >= 224 && code <= 254),
  vendorClasses: dhcp4Options.vivcoSuboptions,
  vendorOptions: dhcp4Options.vivsoSuboptions,
  isVendorAlone: false,
  maxPayload: Number.POSITIVE_INFINITY,
  decodeSubOptions: decodeSubOptions4,
  writeSubOption: writeSubOption4,
};

export const dhcp4Spaces = new OptionSpaces(dhcp4Family);
