import { describe, expect, test } from "vitest";
import { dhcp6Family } from "../dhcp6-family.ts";
import { formatFault } from "../fault.ts";
import { parseConfig } from "../load/load-config.ts";
import { faultsOf6, nowhere, pdPool, reservations6, subnet6 } from "../testing/parse-body.ts";

const network = (...subnets: string[]) =>
  `"shared-networks": [{"name": "n", "subnet6": [${subnets
    .map((keys, i) => `\n{"id": ${i + 1}, "subnet": "2001:db8:${i}::/64"${keys === "" ? "" : ", "}${keys}}`)
    .join(",")}]}]`;

describe("accepted without a word", () => {
  test.each<[title: string, body: string]>([
    [
      "pools in both notations, with and without spaces",
      subnet6(
        '"pools": [{"pool": "2001:db8::1-2001:db8::9"}, {"pool": " 2001:db8::1:0 / 112 "}, {"pool": "2001:DB8:0::a - 2001:db8::a"}]',
      ),
    ],
    [
      "the whole space as a subnet, and one address",
      '"subnet6": [{"id": 1, "subnet": "::/0"}, {"id": 2, "subnet": "2001:db8::1/128"}]',
    ],
    ["subnets that overlap", '"subnet6": [{"id": 1, "subnet": "2001:db8::/64"}, {"id": 2, "subnet": "2001:db8::/65"}]'],
    ["prefixes to delegate from anywhere", pdPool("", "3000::", [16, 64])],
    ["a pool of one prefix", pdPool("", "3000::", [48, 48])],
    [
      "pools of prefixes side by side",
      subnet6(
        `"pd-pools": [{"prefix": "3000::", "prefix-len": 48, "delegated-len": 56}, {"prefix": "3000:0:1::", "prefix-len": 48, "delegated-len": 64}]`,
      ),
    ],
    ["a part left out of each prefix", pdPool('"excluded-prefix": "2001:db8:8000:80::", "excluded-prefix-len": 57')],
    ["no part left out, as Kea writes it", pdPool('"excluded-prefix": "::", "excluded-prefix-len": 0')],
    ["one interface-id in two subnets", network('"interface-id": "a"', '"interface-id": "a"')],
    ["an interface beside an empty interface-id", subnet6('"interface": "eth0", "interface-id": ""')],
    [
      "rapid commit of a network",
      `"shared-networks": [{"name": "n", "rapid-commit": true, "subnet6": [{"id": 1, "subnet": "2001:db8::/64"}, {"id": 2, "subnet": "2001:db9::/64", "rapid-commit": true}]}]`,
    ],
    ["relays", subnet6('"relay": {"ip-addresses": ["2001:db8::1", "fe80::1"]}')],
    [
      "reservations by all identifiers, of several addresses and prefixes",
      reservations6(
        '{"duid": "01:02:03", "ip-addresses": ["2001:db8::5", "2001:db8::6"], "prefixes": ["3000::/48", "3000:0:1::/56"]}',
        '{"hw-address": "1:2:3:4:5:6", "prefixes": ["3000:0:2::/128"], "excluded-prefixes": [""]}',
        `{"duid": "'abc'", "prefixes": ["3000:0:3::/48"], "excluded-prefixes": ["3000:0:3:1::/64"]}`,
      ),
    ],
    [
      "a global reservation of anything",
      '"reservations": [{"duid": "01:02:03", "ip-addresses": ["3000::1"], "prefixes": ["4000::/48"]}]',
    ],
    [
      "one address for two clients where that is allowed",
      `"ip-reservations-unique": false, ${reservations6('{"duid": "01:02:03", "ip-addresses": ["2001:db8::5"]}', '{"duid": "01:02:04", "ip-addresses": ["2001:db8::5"]}')}`,
    ],
    [
      "sources of hardware addresses, under both names",
      '"mac-sources": ["rfc6939", "rfc4649", "subscriber-id", "raw", "duid", "ipv6-link-local", "docsis-cmts", "docsis-modem"]',
    ],
    ["the shortest prefix for a client", reservations6('{"duid": "01:02:03", "prefixes": ["8000::/1"]}')],
    [
      "options of relays by code and by name",
      '"option-def": [{"name": "foo", "code": 231, "type": "string"}], "relay-supplied-options": ["1", "110", "erp-local-domain-name", "foo", "65535"]',
    ],
    [
      "every kind of server-id",
      '"server-id": {"type": "EN", "enterprise-id": 2495, "identifier": "0123456789", "persist": false}',
    ],
    [
      "lifetimes in order",
      '"min-preferred-lifetime": 1, "preferred-lifetime": 2, "max-preferred-lifetime": 3, "valid-lifetime": 4',
    ],
    ["one bound of the preferred lifetime", '"max-preferred-lifetime": 9000'],
    ["our own key", '"user-context": {"site": 1, "kotare": {"pd-routes": true}}'],
    [
      "options of our space",
      '"option-data": [{"name": "dns-servers", "data": "2001:db8::1"}], "option-def": [{"name": "x", "code": 65535, "type": "uint8"}]',
    ],
    ["a logger of this daemon", '"loggers": [{"name": "kea-dhcp6.dhcp6"}, {"name": "kea-dhcp6.lease-cmds-hooks"}]'],
  ])("%s", (_, body) => {
    expect(faultsOf6(body)).toEqual([]);
  });
});

describe("faults of the global scope", () => {
  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "a preferred lifetime above the valid one",
      '"preferred-lifetime": 9000',
      '2:23: warning: Dhcp6.preferred-lifetime: 9000 must rather be at most "valid-lifetime", which is 7200 here',
    ],
    [
      "preferred lifetimes out of order",
      `"min-preferred-lifetime": 600, ${subnet6('"preferred-lifetime": 500')}`,
      '3:23: Dhcp6.subnet6[0].preferred-lifetime: 500 must be at least "min-preferred-lifetime", which is 600 here',
    ],
    [
      "bounds around no preferred lifetime",
      `"min-preferred-lifetime": 600, ${subnet6('"max-preferred-lifetime": 700')}`,
      '3:1: Dhcp6.subnet6[0].max-preferred-lifetime: is one of two bounds of a "preferred-lifetime" that is not given; write "preferred-lifetime", from 600 to 700',
    ],
    [
      "a share above that of T2, since T1 and T2 are calculated unless said otherwise",
      '"t1-percent": 0.9',
      '2:15: Dhcp6.t1-percent: 0.9 must be less than "t2-percent", which is 0.8 here',
    ],
    [
      "an allocator for prefixes only",
      subnet6('"allocator": "flq"'),
      '3:14: Dhcp6.subnet6[0].allocator: "flq" is not one of the values known here; write "iterative", "random" or "shared-flq"',
    ],
    [
      "one source of hardware addresses under two names",
      '"mac-sources": ["rfc6939", "client-link-addr-option"]',
      '2:28: Dhcp6.mac-sources[1]: "client-link-addr-option" is listed twice; remove one of the two',
    ],
    [
      "options of relays that do not exist",
      '"relay-supplied-options": ["0", "65536", "foo", " 65"]',
      ...[
        '2:28: Dhcp6.relay-supplied-options[0]: "0"',
        '2:33: Dhcp6.relay-supplied-options[1]: "65536"',
        '2:42: Dhcp6.relay-supplied-options[2]: "foo"',
        '2:49: Dhcp6.relay-supplied-options[3]: " 65"',
      ].map(
        (start) =>
          `${start} is neither the code nor the name of an option; write a code from 1 to 65535 in quotes, or a name such as erp-local-domain-name`,
      ),
    ],
    [
      "an identifier of the server that is not hexadecimal",
      '"server-id": {"type": "LL", "identifier": "xyz"}',
      '2:43: Dhcp6.server-id.identifier: "xyz" is not hexadecimal; write pairs of digits, such as 1a1b1c1d1e1f',
    ],
    [
      "a server-id without a type",
      '"server-id": {"htype": 1}',
      '2:14: Dhcp6.server-id.type: is missing; write "LLT", "EN" or "LL"',
    ],
    [
      "parts of a server-id that its type does not have",
      '"server-id": {"type": "EN", "htype": 1, "time": 5}',
      "2:29: note: Dhcp6.server-id.htype: has no meaning for type EN",
      "2:41: note: Dhcp6.server-id.time: has a meaning for type LLT only",
    ],
    [
      "an identifier type twice",
      '"host-reservation-identifiers": ["duid", "duid"]',
      '2:42: Dhcp6.host-reservation-identifiers[1]: "duid" is listed twice; remove one of the two',
    ],
    [
      "an identifier type of DHCPv4",
      '"host-reservation-identifiers": ["circuit-id"]',
      '2:34: Dhcp6.host-reservation-identifiers[0]: "circuit-id" is not one of the values known here; write "hw-address", "duid" or "flex-id"',
    ],
    [
      "a misspelt key of our own",
      '"user-context": {"kotare": {"pd-route": true}}',
      '2:29: Dhcp6.user-context.kotare.pd-route: is not a known key; did you mean "pd-routes"?',
    ],
    [
      "keys of DHCPv4",
      '"authoritative": true',
      "2:1: Dhcp6.authoritative: is not a key of this version; it belongs to DHCPv4; remove it",
    ],
    [
      "an address of a reservation as in DHCPv4",
      '"reservations": [{"duid": "01:02:03", "ip-address": "::1"}]',
      '2:39: Dhcp6.reservations[0].ip-address: is not a key of this version; write "ip-addresses": [ … ] instead',
    ],
    [
      "a logger of the other daemon",
      '"loggers": [{"name": "kea-dhcp4"}]',
      '2:22: warning: Dhcp6.loggers[0].name: "kea-dhcp4" is no logger of this daemon; did you mean "kea-dhcp6"?',
    ],
    [
      "a class of nobody, in a pool of prefixes",
      pdPool('"client-class": "a"'),
      '4:17: warning: Dhcp6.subnet6[0].pd-pools[0].client-class: "a" is no class that is defined or that a reservation gives: nobody is in it; correct the name, or define it in "client-classes"',
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf6(body)).toEqual(faults);
  });

  test("an identifier of the server that is cut", () => {
    const [fault, ...others] = faultsOf6(`"server-id": {"type": "LLT", "identifier": "${"ab".repeat(123)}"}`);
    expect(fault).toContain("has 123 bytes, of which the first 122 fit into a DUID");
    expect(others).toEqual([]);
    expect(faultsOf6(`"server-id": {"type": "EN", "identifier": "${"ab".repeat(124)}"}`)).toEqual([]);
  });
});

describe("faults of options", () => {
  test.each<[title: string, body: string, where: string]>([
    [
      "in the global scope",
      '"option-data": [{"name": "dns-servers", "data": "10.0.0"}]',
      "2:49: Dhcp6.option-data[0].data",
    ],
    [
      "of DHCPv4",
      '"option-data": [{"name": "routers", "space": "dhcp4", "data": "10.0.0.1"}]',
      "2:46: Dhcp6.option-data[0].space",
    ],
    [
      "in a subnet",
      subnet6('"option-data": [{"name": "dns", "data": "1"}]'),
      "3:26: Dhcp6.subnet6[0].option-data[0].name",
    ],
    [
      "in a pool",
      subnet6('"pools": [{"pool": "2001:db8::/80", "option-data": [{"code": 0}]}]'),
      "3:62: Dhcp6.subnet6[0].pools[0].option-data[0].code",
    ],
    [
      "in a pool of prefixes",
      pdPool('"option-data": [{"code": 0}]'),
      "4:26: Dhcp6.subnet6[0].pd-pools[0].option-data[0].code",
    ],
    [
      "in a reservation",
      reservations6('{"duid": "01:02:03", "option-data": [{"data": "1"}]}'),
      "4:38: Dhcp6.subnet6[0].reservations[0].option-data[0]",
    ],
    [
      "in a global reservation",
      '"reservations": [{"duid": "01:02:03", "option-data": [{"data": "1"}]}]',
      "2:55: Dhcp6.reservations[0].option-data[0]",
    ],
    [
      "in a shared network",
      '"shared-networks": [{"name": "n", "option-data": [{"data": "1"}]}]',
      "2:51: Dhcp6.shared-networks[0].option-data[0]",
    ],
    [
      "a definition of a standard option",
      '"option-def": [{"name": "x", "code": 23, "type": "uint8"}]',
      "2:38: Dhcp6.option-def[0].code",
    ],
  ])("%s", (_, body, where) => {
    expect(faultsOf6(body).map((fault) => fault.slice(0, where.length))).toEqual([where]);
  });
});

describe("interfaces", () => {
  const interfaces = (list: string) => {
    const text = `{ "Dhcp6": { "interfaces-config": { "interfaces": ${list} } } }`;
    return parseConfig(dhcp6Family, { file: "f", text }, nowhere).faults.map(formatFault);
  };

  test.each([['["*"]'], ['["eth0", "eth0/2001:db8::1"]'], ['["eth0/::1", "eth0/::2", "eth0"]'], ['[" eth0 / ::1"]']])(
    "%s is fine",
    (list) => {
      expect(interfaces(list)).toEqual([]);
    },
  );

  test.each<[list: string, problem: string]>([
    ['["eth0", "eth0"]', 'f:1:60: Dhcp6.interfaces-config.interfaces[1]: "eth0" is listed twice'],
    ['["eth0/::1", "eth0/::1"]', 'f:1:64: Dhcp6.interfaces-config.interfaces[1]: "eth0/::1" is listed twice'],
    ['["*/::1"]', 'f:1:52: Dhcp6.interfaces-config.interfaces[0]: "*/::1" asks for one address of all interfaces'],
    [
      '["eth0/10.0.0.1"]',
      'f:1:52: Dhcp6.interfaces-config.interfaces[0]: "eth0/10.0.0.1" does not end in an IPv6 address',
    ],
    [
      '["eth0/ff02::1"]',
      'f:1:52: Dhcp6.interfaces-config.interfaces[0]: "eth0/ff02::1" does not end in an IPv6 address',
    ],
    ['["/::1"]', 'f:1:52: Dhcp6.interfaces-config.interfaces[0]: "/::1" names no interface'],
  ])("%s is not", (list, problem) => {
    expect(interfaces(list)).toEqual([`${problem}; write "eth0", "eth0/2001:db8::1" or "*", each once`]);
  });
});

describe("every scope is looked at", () => {
  const POOL = '"pools": [{"pool": "2001:db8::/80", ';
  const scopes: [scope: string, pointer: string, wrap: (keys: string) => string][] = [
    ["the global scope", "Dhcp6", (keys) => keys],
    ["a network", "Dhcp6.shared-networks[0]", (keys) => `"shared-networks": [{"name": "n", ${keys}}]`],
    ["a subnet", "Dhcp6.subnet6[0]", (keys) => subnet6(keys)],
    [
      "a subnet of a network",
      "Dhcp6.shared-networks[0].subnet6[0]",
      (keys) => `"shared-networks": [{"name": "n", ${subnet6(keys)}}]`,
    ],
    ["a pool", "Dhcp6.subnet6[0].pools[0]", (keys) => subnet6(`${POOL}${keys}}]`)],
    ["a pool of prefixes", "Dhcp6.subnet6[0].pd-pools[0]", (keys) => pdPool(keys)],
    ["a reservation", "Dhcp6.subnet6[0].reservations[0]", (keys) => reservations6(`{"duid": "01:02:03", ${keys}}`)],
    ["a global reservation", "Dhcp6.reservations[0]", (keys) => `"reservations": [{"duid": "01:02:03", ${keys}}]`],
  ];
  const named = (...words: string[]) => scopes.filter(([scope]) => words.some((word) => scope.endsWith(word)));
  const all = scopes.map(([scope]) => scope);

  test.each<[keys: string, at: string, message: string, where: string[]]>([
    [
      '"hostname-char-set": "(a"',
      ".hostname-char-set",
      "is no regular expression",
      ["scope", "network", "subnet", "a pool"],
    ],
    [
      '"min-valid-lifetime": 9, "valid-lifetime": 5',
      ".min-valid-lifetime",
      "must be at most",
      ["scope", "network", "subnet"],
    ],
    ['"relay": {"ip-addresses": ["x"]}', ".relay.ip-addresses[0]", "is not an IPv6 address", ["network", "subnet"]],
    ['"adaptive-lease-time-threshold": 0', ".adaptive-lease-time-threshold", "must be", ["scope", "network", "subnet"]],
    ['"client-class": "a"', ".client-class", "is no class", ["network", "subnet", "pool", "prefixes"]],
    [
      '"evaluate-additional-classes": ["a"]',
      ".evaluate-additional-classes[0]",
      "is no class",
      ["network", "subnet", "pool", "prefixes"],
    ],
    [
      '"option-data": [{"code": 222, "csv-format": false, "data": "01", "client-classes": ["a"]}]',
      ".option-data[0].client-classes[0]",
      "is no class",
      all,
    ],
  ])("%s", (keys, at, message, where) => {
    for (const [scope, pointer, wrap] of named(...where)) {
      const faults = faultsOf6(wrap(keys));
      expect([scope, faults.length]).toEqual([scope, 1]);
      expect(faults[0]?.replace(/^[^ ]* (warning: )?/, "").startsWith(`${pointer}${at}: `), faults[0]).toBe(true);
      expect(faults[0]).toContain(message);
    }
  });
});
