/** What no schema can say about a DHCPv4 configuration: whether its parts fit together. Every fault at once. */

import { checkInterfaces } from "../check/check-interfaces.ts";
import { checkLifetimes } from "../check/check-lifetimes.ts";
import { checkLoggers } from "../check/check-loggers.ts";
import { OptionChecker } from "../check/check-options.ts";
import { checkIdentifierTypes, ReservationChecker } from "../check/check-reservations.ts";
import { checkNames, checkSharedNetwork, SubnetChecker } from "../check/check-subnets.ts";
import type { Dhcp4Config, SharedNetwork4Config, Subnet4Config } from "../dhcp4-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { listUnsupported } from "./unsupported.ts";

/** Pointers begin with `Dhcp4`, as in the file. */
export function checkDhcp4(config: Dhcp4Config): readonly ConfigFault[] {
  const faults: ConfigFault[] = listUnsupported(config);
  const report = (fault: ConfigFault) => void faults.push(fault);
  const root: Pointer = ["Dhcp4"];
  const subnets = new SubnetChecker(report);
  const options = new OptionChecker(config["option-def"], [...root, "option-def"], report);
  const reservations = new ReservationChecker(config["ip-reservations-unique"], report);

  checkInterfaces(config["interfaces-config"], [...root, "interfaces-config"], report);
  checkLoggers(config.loggers, [...root, "loggers"], report);
  checkLifetimes([config], root, report);
  checkNames(config, root, report);
  checkIdentifierTypes(config["host-reservation-identifiers"], [...root, "host-reservation-identifiers"], report);
  options.check(config["option-data"], root);
  config.reservations.forEach((reservation, i) => {
    options.check(reservation["option-data"], [...root, "reservations", i]);
  });
  reservations.check(config.reservations, undefined, [...root, "reservations"]);

  const checkSubnet = (subnet: Subnet4Config, network: SharedNetwork4Config | undefined, pointer: Pointer) => {
    const prefix = subnets.check(subnet, pointer);
    checkLifetimes(network === undefined ? [subnet, config] : [subnet, network, config], pointer, report);
    options.check(subnet["option-data"], pointer);
    subnet.pools.forEach((pool, i) => {
      options.check(pool["option-data"], [...pointer, "pools", i]);
      checkNames(pool, [...pointer, "pools", i], report);
    });
    subnet.reservations.forEach((reservation, i) => {
      if (reservation["option-data"].length > 0)
        options.check(reservation["option-data"], [...pointer, "reservations", i]);
    });
    if (prefix !== undefined) reservations.check(subnet.reservations, prefix, [...pointer, "reservations"]);
  };
  config.subnet4.forEach((subnet, i) => {
    checkSubnet(subnet, undefined, [...root, "subnet4", i]);
  });
  const names = new Set<string>();
  config["shared-networks"].forEach((network, i) => {
    const pointer = [...root, "shared-networks", i];
    checkSharedNetwork(network, config.authoritative, names, pointer, report);
    checkLifetimes([network, config], pointer, report);
    options.check(network["option-data"], pointer);
    network.subnet4.forEach((subnet, j) => {
      checkSubnet(subnet, network, [...pointer, "subnet4", j]);
    });
  });
  return faults;
}
