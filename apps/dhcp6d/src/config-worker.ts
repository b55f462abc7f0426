/** The thread that reads and checks a configuration beside service. */
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { sendConfig } from "@kotare/core/daemon/config/load-config-beside";

sendConfig(dhcp6Family);
