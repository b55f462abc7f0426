/** The DNS updater's as a family of configurations. */
import type { ConfigFamily } from "./config-family.ts";
import { checkDhcpDdns } from "./ddns/check.ts";
import type { DhcpDdnsConfig } from "./dhcp-ddns-config.ts";
import { DhcpDdnsFile } from "./schema/dhcp-ddns.ts";

export const dhcpDdnsFamily: ConfigFamily<DhcpDdnsConfig> = {
  root: "DhcpDdns",
  schema: DhcpDdnsFile,
  spaces: undefined,
  check: checkDhcpDdns,
};
