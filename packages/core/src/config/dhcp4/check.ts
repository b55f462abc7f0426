/** What no schema can say about a DHCPv4 configuration: whether its parts fit together. Every fault at once. */

import { compileClassTests } from "../../classify/class-tests.ts";
import { dhcp4Spaces } from "../../dhcp4/options/dhcp4-spaces.ts";
import { expressions4 } from "../../expressions/expressions4.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { ipv4Text, ipv6Text } from "../check/address-text.ts";
import { ReservedChecker } from "../check/check-reserved.ts";
import { ScopeChecker, type ScopeFamily } from "../check/check-scopes.ts";
import type { Report } from "../check/report.ts";
import { visitScopes } from "../check/visit-scopes.ts";
import type {
  Dhcp4Config,
  InterfacesConfig,
  Reservation4Config,
  SharedNetwork4Config,
  Subnet4Config,
} from "../dhcp4-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { IDENTIFIER_TYPES4 } from "../host-identifier.ts";
import { checkAuthentication4 } from "./check-authentication4.ts";
import { listUnsupported4 } from "./unsupported4.ts";

/** Pointers begin with `Dhcp4`, as in the file. */
export function checkDhcp4(config: Dhcp4Config): readonly ConfigFault[] {
  const faults: ConfigFault[] = listUnsupported4(config);
  const report = (fault: ConfigFault) => void faults.push(fault);
  const root: Pointer = ["Dhcp4"];
  const family: ScopeFamily<Ipv4, Reservation4Config> = {
    text: ipv4Text,
    logger: "dhcp4",
    spaces: dhcp4Spaces,
    compileTests: (entries, spaces) => compileClassTests(entries, { family: expressions4, spaces }).faults,
    identifiers: IDENTIFIER_TYPES4,
    checkReserved(reservations, prefix, pointer) {
      const reserved = new ReservedChecker(ipv4Text, prefix, config["ip-reservations-unique"], pointer, report);
      reservations.forEach(({ "ip-address": address }, i) => {
        if (address !== undefined) reserved.checkAddress(address, i, "ip-address");
      });
    },
  };
  checkRouting(config["interfaces-config"], [...root, "interfaces-config"], report);
  const scopes = new ScopeChecker(family, config, root, report);
  visitScopes(config, "subnet4", root, {
    network(network, pointer) {
      scopes.checkNetwork(network, "subnet4", network.subnet4, pointer);
      checkAuthoritative(network, config.authoritative, pointer, report);
    },
    subnet(subnet, network, pointer) {
      scopes.checkSubnet(subnet, network, pointer);
      checkOver6(subnet, pointer, report);
    },
  });
  checkAuthentication4(config, root, report);
  scopes.classes.finish();
  return faults;
}

function checkRouting(config: InterfacesConfig, pointer: Pointer, report: Report): void {
  if (config["outbound-interface"] !== "use-routing" || config["dhcp-socket-type"] !== "raw") return;
  report({
    pointer: [...pointer, "outbound-interface"],
    message: 'has no effect with "dhcp-socket-type": "raw"; replies leave by the interface of the query',
    severity: "warning",
  });
}

/** @param inherited what the network has when it says nothing itself */
function checkAuthoritative(network: SharedNetwork4Config, inherited: boolean, pointer: Pointer, report: Report): void {
  const authoritative = network.authoritative ?? inherited;
  network.subnet4.forEach((subnet, i) => {
    if (subnet.authoritative === undefined || subnet.authoritative === authoritative) return;
    report({
      pointer: [...pointer, "subnet4", i, "authoritative"],
      value: subnet.authoritative,
      message: `is not what the network has, ${authoritative}`,
      fix: 'write "authoritative" at the network',
      severity: "error",
    });
  });
}

function checkOver6({ "4o6-subnet": prefix }: Subnet4Config, pointer: Pointer, report: Report): void {
  if (prefix === "" || ipv6Text.parsePrefix(prefix) !== undefined) return;
  report({
    pointer: [...pointer, "4o6-subnet"],
    value: prefix,
    message: "is not an IPv6 prefix",
    fix: `write an address and a length, such as ${ipv6Text.examples.prefix}`,
    severity: "error",
  });
}
