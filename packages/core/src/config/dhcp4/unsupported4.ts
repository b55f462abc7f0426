/** What the grammar of DHCPv4 knows and the daemon does not do. */
import { INHERITED_ROWS, type Row, UnsupportedFinder, YET } from "../check/unsupported.ts";
import { visitScopes } from "../check/visit-scopes.ts";
import type { Dhcp4Config, Subnet4Config } from "../dhcp4-config.ts";
import type { ConfigFault } from "../fault.ts";

const SUBNET_ROWS: readonly Row<Subnet4Config>[] = [
  ...INHERITED_ROWS,
  ...(["4o6-interface", "4o6-interface-id", "4o6-subnet"] as const).map((key) => ({
    key,
    asks: (map: Subnet4Config) => map[key] !== "",
    lacks: `is about DHCPv4 over DHCPv6, which is ${YET}`,
  })),
];

export function listUnsupported4(config: Dhcp4Config): ConfigFault[] {
  const finder = new UnsupportedFinder();
  finder.visitGlobal(config, ["Dhcp4"]);
  visitScopes(config, "subnet4", ["Dhcp4"], {
    network(network, pointer) {
      finder.visit(INHERITED_ROWS, network, pointer);
    },
    subnet(subnet, _network, pointer) {
      finder.visit(SUBNET_ROWS, subnet, pointer);
    },
  });
  return finder.faults;
}
