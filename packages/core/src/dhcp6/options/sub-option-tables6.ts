/** The standard spaces of DHCPv6 sub-options, each in code order. */
import { type OptionDefinition, optionsOf } from "../../options/option.ts";
import { binary, string } from "../../wire/byte-types.ts";
import { fqdn } from "../../wire/domain-name.ts";
import { list, record } from "../../wire/option-type.ts";
import { int32, ipv4Address, ipv6Address, ipv6Prefix, psid, uint8, uint16 } from "../../wire/scalar-types.ts";

export const MAP_E_SPACE = "s46-cont-mape-options";
export const MAP_T_SPACE = "s46-cont-mapt-options";
export const LIGHTWEIGHT_SPACE = "s46-cont-lw-options";
const RULE_SPACE = "s46-rule-options";
const BINDING_SPACE = "s46-v4v6bind-options";
export const NTP_SPACE = "v6-ntp-server-suboptions";
export const RELAY_SUPPLIED_SPACE = "rsoo-opts";

const rule = record(uint8, uint8, uint8, ipv4Address, ipv6Prefix);
const portParameters = record(uint8, psid);

const mapE = optionsOf(MAP_E_SPACE);
const mapT = optionsOf(MAP_T_SPACE);
const lightweight = optionsOf(LIGHTWEIGHT_SPACE);

/** Sub-options of 94. */
const mapEOptions: readonly OptionDefinition[] = [
  mapE(89, "s46-rule", "RFC 7598 §4.1", rule, { encapsulates: RULE_SPACE }),
  mapE(90, "s46-br", "RFC 7598 §4.2", ipv6Address),
];

/** Sub-options of 95. */
const mapTOptions: readonly OptionDefinition[] = [
  mapT(89, "s46-rule", "RFC 7598 §4.1", rule, { encapsulates: RULE_SPACE }),
  mapT(91, "s46-dmr", "RFC 7598 §4.3", ipv6Prefix),
];

/** Sub-options of 96. */
const lightweightOptions: readonly OptionDefinition[] = [
  lightweight(90, "s46-br", "RFC 7598 §4.2", ipv6Address),
  lightweight(92, "s46-v4v6bind", "RFC 7598 §4.4", record(ipv4Address, ipv6Prefix), { encapsulates: BINDING_SPACE }),
];

/** Sub-options of a rule and of a binding. */
const ruleOptions: readonly OptionDefinition[] = [
  optionsOf(RULE_SPACE)(93, "s46-portparams", "RFC 7598 §4.5", portParameters),
];
const bindingOptions: readonly OptionDefinition[] = [
  optionsOf(BINDING_SPACE)(93, "s46-portparams", "RFC 7598 §4.5", portParameters),
];

const ntp = optionsOf(NTP_SPACE);

/** Sub-options of 56. */
const ntpOptions: readonly OptionDefinition[] = [
  ntp(1, "ntp-server-address", "RFC 5908 §4.1", ipv6Address),
  ntp(2, "ntp-server-multicast", "RFC 5908 §4.2", ipv6Address),
  ntp(3, "ntp-server-fqdn", "RFC 5908 §4.3", fqdn),
];

const docsis = optionsOf("vendor-4491");

/** Sub-options of 17 for enterprise 4491, CableLabs; 1026 comes from the cable modem's relay. */
const docsisOptions6: readonly OptionDefinition[] = [
  docsis(1, "oro", "CL-SP-CANN-DHCP-Reg §5.2", list(uint16)),
  docsis(2, "device-type", "CL-SP-CANN-DHCP-Reg §5.2", string),
  docsis(10, "vendor-type", "CL-SP-CANN-DHCP-Reg §5.2", string),
  docsis(32, "tftp-servers", "CL-SP-CANN-DHCP-Reg §5.2", list(ipv6Address)),
  docsis(33, "config-file", "CL-SP-CANN-DHCP-Reg §5.2", string),
  docsis(34, "syslog-servers", "CL-SP-CANN-DHCP-Reg §5.2", list(ipv6Address)),
  docsis(36, "device-id", "CL-SP-CANN-DHCP-Reg §5.2", binary),
  docsis(37, "time-servers", "CL-SP-CANN-DHCP-Reg §5.2", list(ipv6Address)),
  docsis(38, "time-offset", "CL-SP-CANN-DHCP-Reg §5.2", int32),
  docsis(1026, "cmts-cm-mac", "CL-SP-CANN-DHCP-Reg §5.2", binary),
];

const isc = optionsOf("vendor-2495");

/** Sub-options of 17 for enterprise 2495, ISC: how Kea's two daemons pass on DHCPv4 over DHCPv6. */
const iscOptions: readonly OptionDefinition[] = [
  isc(60_000, "4o6-interface", "RFC 7341 §6", string),
  isc(60_001, "4o6-source-address", "RFC 7341 §6", ipv6Address),
  isc(60_002, "4o6-source-port", "RFC 7341 §6", uint16),
];

/** Spaces of vendors, which an operator may define anew. */
export const vendorTables6: readonly (readonly OptionDefinition[])[] = [docsisOptions6, iscOptions];

export const subOptionTables6: readonly (readonly OptionDefinition[])[] = [
  mapEOptions,
  mapTOptions,
  lightweightOptions,
  ruleOptions,
  bindingOptions,
  ntpOptions,
  ...vendorTables6,
];
