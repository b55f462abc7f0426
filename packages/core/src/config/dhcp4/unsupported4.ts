/** What the grammar of DHCPv4 knows and the daemon does not do. */
import { INHERITED_ROWS, UnsupportedFinder } from "../check/unsupported.ts";
import { visitScopes } from "../check/visit-scopes.ts";
import type { Dhcp4Config } from "../dhcp4-config.ts";
import type { ConfigFault } from "../fault.ts";

export function listUnsupported4(config: Dhcp4Config): ConfigFault[] {
  const finder = new UnsupportedFinder();
  finder.visitGlobal(config, ["Dhcp4"]);
  visitScopes(config, "subnet4", ["Dhcp4"], {
    network(network, pointer) {
      finder.visit(INHERITED_ROWS, network, pointer);
    },
    subnet(subnet, _network, pointer) {
      finder.visit(INHERITED_ROWS, subnet, pointer);
    },
  });
  return finder.faults;
}
