/** The thread that reads and checks a configuration beside service. */
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { sendConfig } from "@kotare/core/daemon/config/load-config-beside";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { withExtensions } from "@kotare/core/extensions/check-extensions";

const { extensions: directory } = daemonPaths(process.env);
sendConfig(({ known }) => withExtensions(dhcp4Family, { directory, known }));
