/** What no schema can say about a DHCPv6 configuration: whether its parts fit together. Every fault at once. */
import { compileClassTests } from "../../classify/class-tests.ts";
import { dhcp6Spaces } from "../../dhcp6/options/dhcp6-spaces.ts";
import { expressions6 } from "../../expressions/expressions6.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { OptionSpaces } from "../../options/option-spaces.ts";
import { ipv6Text } from "../check/address-text.ts";
import { checkNoneTwice } from "../check/check-identifiers.ts";
import { ScopeChecker, type ScopeFamily } from "../check/check-scopes.ts";
import type { Report } from "../check/report.ts";
import { visitScopes } from "../check/visit-scopes.ts";
import type { Dhcp6Config, Reservation6Config } from "../dhcp6-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { parseRelaySupplied } from "../relay-supplied6.ts";
import { IDENTIFIER_TYPES6 } from "../schema/dhcp6/reservation6.ts";
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
  const family: ScopeFamily<Ipv6Key, Reservation6Config> = {
    text: ipv6Text,
    logger: "dhcp6",
    spaces: dhcp6Spaces,
    compileTests: (entries, spaces) => compileClassTests(entries, { family: expressions6, spaces }).faults,
    identifiers: IDENTIFIER_TYPES6,
    checkReserved(reservations, prefix, pointer) {
      checkReservations6(reservations, prefix, config["ip-reservations-unique"], pointer, report);
    },
  };
  checkServerId(config["server-id"], [...root, "server-id"], report);
  checkNoneTwice(config["mac-sources"], [...root, "mac-sources"], report);
  const scopes = new ScopeChecker(family, config, root, report);
  const { options } = scopes;
  checkRelaySupplied(config["relay-supplied-options"], options.spaces, [...root, "relay-supplied-options"], report);
  visitScopes(config, "subnet6", root, {
    network(network, pointer) {
      scopes.checkNetwork(network, "subnet6", network.subnet6, pointer);
      checkLink(network, pointer, report);
      checkRapidCommit(network, pointer, report);
    },
    subnet(subnet, network, pointer) {
      checkLink(subnet, pointer, report);
      const at: Pointer = [...pointer, "pd-pools"];
      subnet["pd-pools"].forEach((pool, i) => {
        options.check(pool["option-data"], [...at, i]);
        scopes.classes.useGuards(pool, [...at, i]);
      });
      scopes.checkSubnet(subnet, network, pointer, checkPdPools(subnet["pd-pools"], at, report));
    },
  });
  scopes.classes.finish();
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
