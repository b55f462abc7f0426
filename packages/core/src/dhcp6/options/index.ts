/** The options of DHCPv6 that have a standard, in code order. */
import { latin1 } from "../../base/bytes.ts";
import { formatHex } from "../../base/hex.ts";
import { formatIpv6, formatIpv6Prefix, maskIpv6 } from "../../ip/ipv6.ts";
import { type OptionDefinition, optionsOf } from "../../options/option.ts";
import { binary, empty, string, tuple } from "../../wire/byte-types.ts";
import { fqdn } from "../../wire/domain-name.ts";
import { type KeaHead, list, type OptionType, record } from "../../wire/option-type.ts";
import { ipv6Address, ipv6Prefix, uint8, uint16, uint32 } from "../../wire/scalar-types.ts";
import { TextFields } from "../../wire/text-fields.ts";
import { Writer } from "../../wire/writer.ts";
import { clientFqdn6 } from "./client-fqdn6.ts";
import { encryptedDns6 } from "./encrypted-dns6.ts";
import { LIGHTWEIGHT_SPACE, MAP_E_SPACE, MAP_T_SPACE, NTP_SPACE, RELAY_SUPPLIED_SPACE } from "./sub-option-tables6.ts";
import { vendorClasses6, vendorOptions6 } from "./vendor-options6.ts";

const option = optionsOf("dhcp6");
const uint16s = list(uint16);
const ipv6s = list(ipv6Address);
const fqdns = list(fqdn);
const tuples = list(tuple(2));

function association(name: string): OptionType<readonly [iaid: number, t1: number, t2: number]> {
  return {
    ...record(uint32, uint32, uint32),
    kea: { line: ([iaid, t1, t2], head) => `${headNamed(name, head)} iaid=${iaid}, t1=${t1}, t2=${t2}` },
  };
}

/** As Kea's log has it: `type=00003(IA_NA), len=00012:`. */
function headNamed(name: string, { usual }: KeaHead): string {
  return usual.replace(",", `(${name}),`);
}

const address = record(ipv6Address, uint32, uint32);
const leasedAddress: typeof address = {
  ...address,
  kea: {
    line: ([address, preferred, valid], head) =>
      `${headNamed("IAADDR", head)} address=${formatIpv6(address)}, preferred-lft=${preferred}, valid-lft=${valid}`,
  },
};

const prefix = record(uint32, uint32, uint8, ipv6Address);
const leasedPrefix: typeof prefix = {
  ...prefix,
  kea: {
    line([preferred, valid, length, address], head) {
      const text = formatIpv6Prefix({ address: maskIpv6(address, length), length });
      return `${headNamed("IAPREFIX", head)} prefix=${text}, preferred-lft=${preferred}, valid-lft=${valid}`;
    },
  },
};

/** The text of a status may be empty (RFC 8415 §21.13). */
const statusText: OptionType<string> = { ...string, decode: (reader) => latin1(reader.rest()) };

/** In the order of their numbers (RFC 8415 §21.13, RFC 5007 §4.1.3). */
const STATUSES = [
  ...["Success", "UnspecFail", "NoAddrsAvail", "NoBinding", "NotOnLink", "UseMulticast", "NoPrefixAvail"],
  ...["UnknownQueryType", "MalformedQuery", "NotConfigured", "NotAllowed"],
];

const status: OptionType<readonly [code: number, text: string]> = {
  ...record(uint16, statusText),
  kea: {
    line([code, text], { usual }) {
      const name = STATUSES[code] ?? "(unknown status code)";
      return `${usual} ${name}(${code}) ${text === "" ? "(no status message)" : `"${text}"`}`;
    },
  },
};

/** As text a prefix, which Kea sends as it is; on the wire bits that only a delegated prefix gives a meaning. */
const excludedPrefix: OptionType<Uint8Array> = {
  ...binary,
  parse(fields) {
    const text = fields.next("a prefix, or hexadecimal digits");
    if (!text.includes("/")) return binary.parse(new TextFields(text));
    const writer = new Writer();
    ipv6Prefix.encode(ipv6Prefix.parse(new TextFields(text)), writer);
    return writer.take();
  },
  kea: {
    line: ([length, ...id], { usual }) =>
      `${usual} excluded-prefix-len=${length}, subnet-id=0x${formatHex(Uint8Array.from(id), "")}`,
  },
};

/** Addresses, prefixes and statuses stand in associations as options of the same space. */
const MEMBERS = { encapsulates: "dhcp6" } as const;

/** Names are Kea's; `dhcp6Options.dnsServers` is the definition of option 23. */
export const dhcp6Options = {
  clientid: option(1, "clientid", "RFC 8415 §21.2", binary),
  serverid: option(2, "serverid", "RFC 8415 §21.3", binary),
  iaNa: option(3, "ia-na", "RFC 8415 §21.4", association("IA_NA"), MEMBERS),
  iaTa: option(4, "ia-ta", "RFC 8415 §21.5", uint32, MEMBERS),
  iaaddr: option(5, "iaaddr", "RFC 8415 §21.6", leasedAddress, MEMBERS),
  oro: option(6, "oro", "RFC 8415 §21.7", uint16s),
  preference: option(7, "preference", "RFC 8415 §21.8", uint8),
  elapsedTime: option(8, "elapsed-time", "RFC 8415 §21.9", uint16),
  relayMsg: option(9, "relay-msg", "RFC 8415 §21.10", binary),
  auth: option(11, "auth", "RFC 8415 §21.11", binary),
  unicast: option(12, "unicast", "RFC 8415 §21.12", ipv6Address),
  statusCode: option(13, "status-code", "RFC 8415 §21.13", status),
  rapidCommit: option(14, "rapid-commit", "RFC 8415 §21.14", empty),
  userClass: option(15, "user-class", "RFC 8415 §21.15", binary),
  vendorClass: option(16, "vendor-class", "RFC 8415 §21.16", vendorClasses6),
  vendorOpts: option(17, "vendor-opts", "RFC 8415 §21.17", vendorOptions6),
  interfaceId: option(18, "interface-id", "RFC 8415 §21.18", binary),
  reconfMsg: option(19, "reconf-msg", "RFC 8415 §21.19", uint8),
  reconfAccept: option(20, "reconf-accept", "RFC 8415 §21.20", empty),
  sipServerDns: option(21, "sip-server-dns", "RFC 3319 §3.1", fqdns),
  sipServerAddr: option(22, "sip-server-addr", "RFC 3319 §3.2", ipv6s),
  dnsServers: option(23, "dns-servers", "RFC 3646 §3", ipv6s),
  domainSearch: option(24, "domain-search", "RFC 3646 §4", fqdns),
  iaPd: option(25, "ia-pd", "RFC 8415 §21.21", association("IA_PD"), MEMBERS),
  iaprefix: option(26, "iaprefix", "RFC 8415 §21.22", leasedPrefix, MEMBERS),
  nisServers: option(27, "nis-servers", "RFC 3898 §3", ipv6s),
  nispServers: option(28, "nisp-servers", "RFC 3898 §4", ipv6s),
  nisDomainName: option(29, "nis-domain-name", "RFC 3898 §5", fqdns),
  nispDomainName: option(30, "nisp-domain-name", "RFC 3898 §6", fqdns),
  sntpServers: option(31, "sntp-servers", "RFC 4075 §4", ipv6s),
  informationRefreshTime: option(32, "information-refresh-time", "RFC 8415 §21.23", uint32),
  bcmcsServerDns: option(33, "bcmcs-server-dns", "RFC 4280 §4.2", fqdns),
  bcmcsServerAddr: option(34, "bcmcs-server-addr", "RFC 4280 §4.4", ipv6s),
  geoconfCivic: option(36, "geoconf-civic", "RFC 4776 §3.2", record(uint8, uint16, binary)),
  remoteId: option(37, "remote-id", "RFC 4649 §3", record(uint32, binary)),
  subscriberId: option(38, "subscriber-id", "RFC 4580 §2", binary),
  clientFqdn: option(39, "client-fqdn", "RFC 4704 §4", clientFqdn6),
  panaAgent: option(40, "pana-agent", "RFC 5192 §5", ipv6s),
  newPosixTimezone: option(41, "new-posix-timezone", "RFC 4833 §3", string),
  newTzdbTimezone: option(42, "new-tzdb-timezone", "RFC 4833 §3", string),
  ero: option(43, "ero", "RFC 4994 §3", uint16s),
  lqQuery: option(44, "lq-query", "RFC 5007 §4.1.2.1", record(uint8, ipv6Address), MEMBERS),
  clientData: option(45, "client-data", "RFC 5007 §4.1.2.2", empty, MEMBERS),
  cltTime: option(46, "clt-time", "RFC 5007 §4.1.2.3", uint32),
  lqRelayData: option(47, "lq-relay-data", "RFC 5007 §4.1.2.4", record(ipv6Address, binary)),
  lqClientLink: option(48, "lq-client-link", "RFC 5007 §4.1.2.5", ipv6s),
  v6Lost: option(51, "v6-lost", "RFC 5223 §5", fqdn),
  capwapAcV6: option(52, "capwap-ac-v6", "RFC 5417 §3", ipv6s),
  relayId: option(53, "relay-id", "RFC 5460 §5.4.1", binary),
  ntpServer: option(56, "ntp-server", "RFC 5908 §4", empty, { encapsulates: NTP_SPACE }),
  v6AccessDomain: option(57, "v6-access-domain", "RFC 5986 §3.3", fqdn),
  sipUaCsList: option(58, "sip-ua-cs-list", "RFC 6011 §4.2", fqdns),
  bootfileUrl: option(59, "bootfile-url", "RFC 5970 §3.1", string),
  bootfileParam: option(60, "bootfile-param", "RFC 5970 §3.2", tuples),
  clientArchType: option(61, "client-arch-type", "RFC 5970 §3.3", uint16s),
  nii: option(62, "nii", "RFC 5970 §3.4", record(uint8, uint8, uint8)),
  aftrName: option(64, "aftr-name", "RFC 6334 §3", fqdn),
  erpLocalDomainName: option(65, "erp-local-domain-name", "RFC 6440 §3", fqdn),
  rsoo: option(66, "rsoo", "RFC 6422 §3", empty, { encapsulates: RELAY_SUPPLIED_SPACE }),
  pdExclude: option(67, "pd-exclude", "RFC 6603 §4.2", excludedPrefix),
  rdnssSelection: option(74, "rdnss-selection", "RFC 6731 §4.2", record(ipv6Address, uint8, fqdns)),
  clientLinklayerAddr: option(79, "client-linklayer-addr", "RFC 6939 §4", binary),
  linkAddress: option(80, "link-address", "RFC 6977 §5", ipv6Address),
  solmaxRt: option(82, "solmax-rt", "RFC 8415 §21.24", uint32),
  infMaxRt: option(83, "inf-max-rt", "RFC 8415 §21.25", uint32),
  dhcpv4Message: option(87, "dhcpv4-message", "RFC 7341 §7.1", binary),
  dhcp4o6ServerAddr: option(88, "dhcp4o6-server-addr", "RFC 7341 §7.2", ipv6s),
  s46ContMape: option(94, "s46-cont-mape", "RFC 7598 §5.1", empty, { encapsulates: MAP_E_SPACE }),
  s46ContMapt: option(95, "s46-cont-mapt", "RFC 7598 §5.2", empty, { encapsulates: MAP_T_SPACE }),
  s46ContLw: option(96, "s46-cont-lw", "RFC 7598 §5.3", empty, { encapsulates: LIGHTWEIGHT_SPACE }),
  v6CaptivePortal: option(103, "v6-captive-portal", "RFC 8910 §2.2", string),
  relaySourcePort: option(135, "relay-source-port", "RFC 8357 §4", uint16),
  v6SztpRedirect: option(136, "v6-sztp-redirect", "RFC 8572 §8.2", tuples),
  ipv6AddressAndsf: option(143, "ipv6-address-andsf", "RFC 6153 §3", ipv6s),
  v6Dnr: option(144, "v6-dnr", "RFC 9463 §4.1", encryptedDns6),
  addrRegEnable: option(148, "addr-reg-enable", "RFC 9686 §4.1", empty),
} as const satisfies Record<string, OptionDefinition>;
