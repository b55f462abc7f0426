/** The thread that reads and checks a configuration beside service. */
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { sendConfig } from "@kotare/core/daemon/config/load-config-beside";

sendConfig(() => dhcpDdnsFamily);
