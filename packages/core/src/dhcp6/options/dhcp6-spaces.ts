/** The options of DHCPv6 as a family, and the standard ones by name and code. */
import type { OptionFamily } from "../../options/option-family.ts";
import { OptionSpaces } from "../../options/option-spaces.ts";
import { vendorSpace } from "../../options/vendor-space.ts";
import { dhcp6Options } from "./index.ts";
import { subOptionTables6, vendorTables6 } from "./sub-option-tables6.ts";
import { decodeSubOptions6, writeSubOption6 } from "./sub-options6.ts";

const dhcp6Family: OptionFamily = {
  space: "dhcp6",
  aliases: { "docsis3-v6": vendorSpace(4491) },
  size: 2,
  codes: [1, 0xffff],
  definitions: [...Object.values(dhcp6Options), ...subOptionTables6.flat()],
  // Kea 2.6 does not know the first two, so that configurations made for it define them; the others are the vendors'.
  redefinable: [dhcp6Options.ntpServer, dhcp6Options.addrRegEnable, ...vendorTables6.flat()],
  isDefinedByClasses: () => false,
  vendorClasses: dhcp6Options.vendorClass,
  vendorOptions: dhcp6Options.vendorOpts,
  isVendorAlone: true,
  maxPayload: 0xffff,
  decodeSubOptions: decodeSubOptions6,
  writeSubOption: writeSubOption6,
};

export const dhcp6Spaces = new OptionSpaces(dhcp6Family);
