/** DHCPv4 as a family of configurations. */
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import type { ConfigFamily } from "./config-family.ts";
import { checkDhcp4 } from "./dhcp4/check.ts";
import type { Dhcp4Config } from "./dhcp4-config.ts";
import { Dhcp4File } from "./schema/dhcp4/dhcp4.ts";

export const dhcp4Family: ConfigFamily<Dhcp4Config> = {
  root: "Dhcp4",
  schema: Dhcp4File,
  spaces: dhcp4Spaces,
  check: checkDhcp4,
};
