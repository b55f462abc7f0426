/** What no schema can say about a DHCPv6 configuration: whether its parts fit together. Every fault at once. */
import { dhcp6Spaces } from "../../dhcp6/options/dhcp6-spaces.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { OptionSpaces } from "../../options/option-spaces.ts";
import { ipv6Text, type PrefixSpan } from "../check/address-text.ts";
import { checkNoneTwice, IdentifierChecker } from "../check/check-identifiers.ts";
import { checkInterfaces } from "../check/check-interfaces.ts";
import { checkLifetimes } from "../check/check-lifetimes.ts";
import { checkLoggers } from "../check/check-loggers.ts";
import { checkHostnameSet, checkNetworkName } from "../check/check-names.ts";
import { checkOneInterface } from "../check/check-network.ts";
import { OptionChecker } from "../check/check-options.ts";
import { checkOverlaps, checkPools } from "../check/check-pools.ts";
import { checkRelay, SubnetChecker } from "../check/check-subnet.ts";
import type { Report } from "../check/report.ts";
import { visitScopes } from "../check/visit-scopes.ts";
import type { Dhcp6Config, Reservation6Config } from "../dhcp6-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { parseRelaySupplied } from "../relay-supplied.ts";
import { IDENTIFIER_TYPES6 } from "../schema/reservation6.ts";
import { checkLink, checkRapidCommit } from "./check-links.ts";
import { checkPdPools } from "./check-pd-pools.ts";
import { checkReservations6 } from "./check-reservations6.ts";
import { checkServerId } from "./check-server-id.ts";
import { listUnsupported6 } from "./unsupported6.ts";

/** Pointers begin with `Dhcp6`, as in the file. */
export function checkDhcp6(config: Dhcp6Config): readonly ConfigFault[] {
  const faults: ConfigFault[] = listUnsupported6(config);
  const report = (fault: ConfigFault) => void faults.push(fault);
  const root: Pointer = ["Dhcp6"];
  const subnets = new SubnetChecker(ipv6Text, report);
  const options = new OptionChecker(dhcp6Spaces, config["option-def"], [...root, "option-def"], report);
  const identifiers = new IdentifierChecker(IDENTIFIER_TYPES6, report);

  const checkReservations = (
    reservations: readonly Reservation6Config[],
    prefix: PrefixSpan<Ipv6Key> | undefined,
    pointer: Pointer,
  ) => {
    identifiers.check(reservations, pointer);
    reservations.forEach((reservation, i) => {
      if (reservation["option-data"].length > 0) options.check(reservation["option-data"], [...pointer, i]);
    });
    checkReservations6(reservations, prefix, config["ip-reservations-unique"], pointer, report);
  };

  checkInterfaces(ipv6Text, config["interfaces-config"].interfaces, [...root, "interfaces-config"], report);
  checkLoggers(config.loggers, "dhcp6", [...root, "loggers"], report);
  checkLifetimes([config], root, report);
  checkHostnameSet(config, root, report);
  checkServerId(config["server-id"], [...root, "server-id"], report);
  checkNoneTwice(config["mac-sources"], [...root, "mac-sources"], report);
  checkRelaySupplied(config["relay-supplied-options"], options.spaces, [...root, "relay-supplied-options"], report);
  checkNoneTwice(config["host-reservation-identifiers"], [...root, "host-reservation-identifiers"], report);
  options.check(config["option-data"], root);
  checkReservations(config.reservations, undefined, [...root, "reservations"]);
  const names = new Set<string>();
  visitScopes(config, "subnet6", root, {
    network(network, pointer) {
      checkNetworkName(network.name, names, pointer, report);
      checkRelay(ipv6Text, network, pointer, report);
      checkLink(network, pointer, report);
      checkHostnameSet(network, pointer, report);
      checkLifetimes([network, config], pointer, report);
      options.check(network["option-data"], pointer);
      checkOneInterface(network, network.subnet6, [...pointer, "subnet6"], report);
      checkRapidCommit(network, pointer, report);
    },
    subnet(subnet, network, pointer) {
      const prefix = subnets.check(subnet, pointer);
      checkRelay(ipv6Text, subnet, pointer, report);
      checkLink(subnet, pointer, report);
      checkHostnameSet(subnet, pointer, report);
      checkLifetimes(network === undefined ? [subnet, config] : [subnet, network, config], pointer, report);
      options.check(subnet["option-data"], pointer);
      subnet.pools.forEach((pool, i) => {
        options.check(pool["option-data"], [...pointer, "pools", i]);
        checkHostnameSet(pool, [...pointer, "pools", i], report);
      });
      subnet["pd-pools"].forEach((pool, i) => {
        options.check(pool["option-data"], [...pointer, "pd-pools", i]);
      });
      const pools =
        prefix === undefined ? [] : checkPools(ipv6Text, subnet.pools, prefix, [...pointer, "pools"], report);
      const pdPools = checkPdPools(subnet["pd-pools"], [...pointer, "pd-pools"], report);
      checkOverlaps(ipv6Text, [...pools, ...pdPools], report);
      checkReservations(subnet.reservations, prefix, [...pointer, "reservations"]);
    },
  });
  return faults;
}

function checkRelaySupplied(texts: readonly string[], spaces: OptionSpaces, pointer: Pointer, report: Report): void {
  texts.forEach((text, i) => {
    if (parseRelaySupplied(text, spaces) !== undefined) return;
    const message = "is neither the code nor the name of an option";
    const fix = "write a code from 1 to 65535 in quotes, or a name such as erp-local-domain-name";
    report({ pointer: [...pointer, i], value: text, message, fix, severity: "error" });
  });
}
