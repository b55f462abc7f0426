/** The thread that reads and checks a configuration beside service. */
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { sendConfig } from "@kotare/core/daemon/config/load-config-beside";

sendConfig(dhcp4Family);
