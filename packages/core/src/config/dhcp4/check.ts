/** What no schema can say about a DHCPv4 configuration: whether its parts fit together. Every fault at once. */

import { dhcp4Spaces } from "../../dhcp4/options/dhcp4-spaces.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { ipv4Text, type PrefixSpan } from "../check/address-text.ts";
import { checkNoneTwice, IdentifierChecker } from "../check/check-identifiers.ts";
import { checkInterfaces } from "../check/check-interfaces.ts";
import { checkLifetimes } from "../check/check-lifetimes.ts";
import { checkLoggers } from "../check/check-loggers.ts";
import { checkHostnameSet, checkNetworkName } from "../check/check-names.ts";
import { checkOneInterface } from "../check/check-network.ts";
import { OptionChecker } from "../check/check-options.ts";
import { checkOverlaps, checkPools } from "../check/check-pools.ts";
import { ReservedChecker } from "../check/check-reserved.ts";
import { checkRelay, SubnetChecker } from "../check/check-subnet.ts";
import type { Report } from "../check/report.ts";
import { visitScopes } from "../check/visit-scopes.ts";
import type { Dhcp4Config, InterfacesConfig, Reservation4Config, SharedNetwork4Config } from "../dhcp4-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { IDENTIFIER_TYPES } from "../schema/reservation4.ts";
import { listUnsupported4 } from "./unsupported4.ts";

/** Pointers begin with `Dhcp4`, as in the file. */
export function checkDhcp4(config: Dhcp4Config): readonly ConfigFault[] {
  const faults: ConfigFault[] = listUnsupported4(config);
  const report = (fault: ConfigFault) => void faults.push(fault);
  const root: Pointer = ["Dhcp4"];
  const subnets = new SubnetChecker(ipv4Text, report);
  const options = new OptionChecker(dhcp4Spaces, config["option-def"], [...root, "option-def"], report);
  const identifiers = new IdentifierChecker(IDENTIFIER_TYPES, report);

  const checkReservations = (
    reservations: readonly Reservation4Config[],
    prefix: PrefixSpan<Ipv4> | undefined,
    pointer: Pointer,
  ) => {
    identifiers.check(reservations, pointer);
    const reserved = new ReservedChecker(ipv4Text, prefix, config["ip-reservations-unique"], pointer, report);
    reservations.forEach((reservation, i) => {
      if (reservation["option-data"].length > 0) options.check(reservation["option-data"], [...pointer, i]);
      if (reservation["ip-address"] !== undefined) reserved.checkAddress(reservation["ip-address"], i, "ip-address");
    });
  };

  checkInterfaces(ipv4Text, config["interfaces-config"].interfaces, [...root, "interfaces-config"], report);
  checkRouting(config["interfaces-config"], [...root, "interfaces-config"], report);
  checkLoggers(config.loggers, "dhcp4", [...root, "loggers"], report);
  checkLifetimes([config], root, report);
  checkHostnameSet(config, root, report);
  checkNoneTwice(config["host-reservation-identifiers"], [...root, "host-reservation-identifiers"], report);
  options.check(config["option-data"], root);
  checkReservations(config.reservations, undefined, [...root, "reservations"]);
  const names = new Set<string>();
  visitScopes(config, "subnet4", root, {
    network(network, pointer) {
      checkNetworkName(network.name, names, pointer, report);
      checkRelay(ipv4Text, network, pointer, report);
      checkHostnameSet(network, pointer, report);
      checkLifetimes([network, config], pointer, report);
      options.check(network["option-data"], pointer);
      checkOneInterface(network, network.subnet4, [...pointer, "subnet4"], report);
      checkAuthoritative(network, config.authoritative, pointer, report);
    },
    subnet(subnet, network, pointer) {
      const prefix = subnets.check(subnet, pointer);
      checkRelay(ipv4Text, subnet, pointer, report);
      checkHostnameSet(subnet, pointer, report);
      checkLifetimes(network === undefined ? [subnet, config] : [subnet, network, config], pointer, report);
      options.check(subnet["option-data"], pointer);
      subnet.pools.forEach((pool, i) => {
        options.check(pool["option-data"], [...pointer, "pools", i]);
        checkHostnameSet(pool, [...pointer, "pools", i], report);
      });
      if (prefix !== undefined) {
        checkOverlaps(ipv4Text, checkPools(ipv4Text, subnet.pools, prefix, [...pointer, "pools"], report), report);
      }
      checkReservations(subnet.reservations, prefix, [...pointer, "reservations"]);
    },
  });
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
