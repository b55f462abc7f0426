/** DHCPv6 as a family of configurations. */
import { dhcp6Spaces } from "../dhcp6/options/dhcp6-spaces.ts";
import type { ConfigFamily } from "./config-family.ts";
import { checkDhcp6 } from "./dhcp6/check.ts";
import type { Dhcp6Config } from "./dhcp6-config.ts";
import { Dhcp6File } from "./schema/dhcp6/dhcp6.ts";

export const dhcp6Family: ConfigFamily<Dhcp6Config> = {
  root: "Dhcp6",
  schema: Dhcp6File,
  spaces: dhcp6Spaces,
  check: checkDhcp6,
};
