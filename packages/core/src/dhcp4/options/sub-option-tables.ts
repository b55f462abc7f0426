/** The standard spaces of sub-options, each in code order. */

import { type OptionDefinition, optionsOf } from "../../options/option.ts";
import { binary, empty, string } from "../../wire/byte-types.ts";
import { fqdn } from "../../wire/domain-name.ts";
import { list, record } from "../../wire/option-type.ts";
import { boolean, ipv4Address, uint8, uint16, uint32 } from "../../wire/scalar-types.ts";

export const RELAY_AGENT_SPACE = "dhcp-agent-options-space";
export const CABLELABS_SPACE = "cablelabs-client-conf";
export const VENDOR_ENCAPSULATED_SPACE = "vendor-encapsulated-options-space";

const agent = optionsOf(RELAY_AGENT_SPACE);

/** Sub-options of 82. */
export const relayAgentOptions = [
  agent(1, "circuit-id", "RFC 3046 §3.1", binary),
  agent(2, "remote-id", "RFC 3046 §3.2", binary),
  agent(4, "docsis-device-class", "RFC 3256 §2", uint32),
  agent(5, "link-selection", "RFC 3527 §2", ipv4Address),
  agent(6, "subscriber-id", "RFC 3993 §2", string),
  agent(7, "radius", "RFC 4014 §4", binary),
  agent(8, "auth", "RFC 4030 §4", binary),
  agent(9, "vendor-specific-info", "RFC 4243 §2", binary),
  agent(10, "relay-flags", "RFC 5010 §2", uint8),
  agent(11, "server-id-override", "RFC 5107 §4", ipv4Address),
  agent(12, "relay-id", "RFC 6925 §5", binary),
  agent(13, "access-techno-type", "RFC 7839 §4.1", uint16),
  agent(14, "access-network-name", "RFC 7839 §4.2", string),
  agent(15, "access-point-name", "RFC 7839 §4.3", string),
  agent(16, "access-point-bssid", "RFC 7839 §4.4", binary),
  agent(17, "operator-id", "RFC 7839 §4.5", uint32),
  agent(18, "operator-realm", "RFC 7839 §4.6", string),
  agent(19, "relay-port", "RFC 8357 §4", empty),
  agent(151, "virtual-subnet-select", "RFC 6607 §3.2", binary),
  agent(152, "virtual-subnet-select-ctrl", "RFC 6607 §3.3", empty),
] as const satisfies readonly OptionDefinition[];

const cable = optionsOf(CABLELABS_SPACE);

/** Sub-options of 122; 3 has two shapes, so that the operator has to define it. */
export const cablelabsOptions = [
  cable(1, "tsp-primary-server", "RFC 3495 §5.1", ipv4Address),
  cable(2, "tsp-secondary-server", "RFC 3495 §5.1", ipv4Address),
  cable(4, "tsp-as-parameters", "RFC 3495 §5.3", record(uint32, uint32, uint32)),
  cable(5, "tsp-ap-parameters", "RFC 3495 §5.4", record(uint32, uint32, uint32)),
  cable(6, "tsp-realm", "RFC 3495 §5.5", fqdn),
  cable(7, "tsp-use-tgt", "RFC 3495 §5.6", boolean),
  cable(8, "tsp-provisioning-timer", "RFC 3495 §5.7", uint8),
  cable(9, "tsp-sct", "RFC 3594 §2", uint16),
  cable(10, "kdc-server", "RFC 3634 §2", list(ipv4Address)),
] as const satisfies readonly OptionDefinition[];

const docsis = optionsOf("vendor-4491");

/** Sub-options of 125 for enterprise 4491, CableLabs (CL-SP-CANN-DHCP-Reg). */
export const docsisOptions = [
  docsis(1, "oro", "CL-SP-CANN-DHCP-Reg §5.1", list(uint8)),
  docsis(2, "tftp-servers", "CL-SP-CANN-DHCP-Reg §5.1", list(ipv4Address)),
] as const satisfies readonly OptionDefinition[];
