import { describe, expect, test } from "vitest";
import { faultsOf6, pdPool, reservations6, subnet6 } from "../testing/parse-body.ts";

const network = (...subnets: string[]) =>
  `"shared-networks": [{"name": "n", "subnet6": [${subnets
    .map((keys, i) => `\n{"id": ${i + 1}, "subnet": "2001:db8:${i}::/64"${keys === "" ? "" : ", "}${keys}}`)
    .join(",")}]}]`;

describe("faults of subnets and pools", () => {
  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "a subnet of IPv4",
      '"subnet6": [{"id": 1, "subnet": "192.0.2.0/24"}]',
      '2:33: Dhcp6.subnet6[0].subnet: "192.0.2.0/24" is not an IPv6 prefix; write an address and a length from 0 to 128, such as 2001:db8::/64',
    ],
    [
      "a length above 128",
      '"subnet6": [{"id": 1, "subnet": "2001:db8::/129"}]',
      '2:33: Dhcp6.subnet6[0].subnet: "2001:db8::/129" is not an IPv6 prefix; write an address and a length from 0 to 128, such as 2001:db8::/64',
    ],
    [
      "one prefix written in two ways, in a network and outside",
      `"subnet6": [{"id": 9, "subnet": "2001:db8::/64"}], "shared-networks": [{"name": "n", "subnet6": [{"id": 2, "subnet": "2001:DB8:0::7/64"}]}]`,
      '2:118: Dhcp6.shared-networks[0].subnet6[0].subnet: "2001:DB8:0::7/64" is the prefix of Dhcp6.subnet6[0] too; put both sets of pools into one subnet',
      '2:118: warning: Dhcp6.shared-networks[0].subnet6[0].subnet: "2001:DB8:0::7/64" is not the first address of its prefix and is taken as 2001:db8::/64',
    ],
    [
      "one id twice",
      '"subnet6": [{"id": 1, "subnet": "2001:db8::/64"}, {"id": 1, "subnet": "2001:db9::/64"}]',
      "2:58: Dhcp6.subnet6[1].id: 1 is the id of Dhcp6.subnet6[0] too; give each subnet a number of its own, and leave it to the older one: leases refer to it",
    ],
    [
      "a pool that is none",
      subnet6('"pools": [{"pool": "2001:db8::1%eth0-2001:db8::9"}]'),
      '3:20: Dhcp6.subnet6[0].pools[0].pool: "2001:db8::1%eth0-2001:db8::9" is not a range of addresses; write "first - last" or "address/length", such as "2001:db8::10 - 2001:db8::ffff:ffff:ffff:ffff"',
    ],
    [
      "a pool backwards",
      subnet6('"pools": [{"pool": "2001:db8::9-2001:db8::1"}]'),
      '3:20: Dhcp6.subnet6[0].pools[0].pool: "2001:db8::9-2001:db8::1" is not a range of addresses; write the lower address first',
    ],
    [
      "a pool outside",
      subnet6('"pools": [{"pool": "2001:db8::/63"}]'),
      '3:20: Dhcp6.subnet6[0].pools[0].pool: "2001:db8::/63" is not inside the subnet 2001:db8::/64; stay within 2001:db8:: - 2001:db8::ffff:ffff:ffff:ffff',
    ],
    [
      "a pool that is no prefix",
      subnet6('"pools": [{"pool": "2001:db8::1/80"}]'),
      '3:20: Dhcp6.subnet6[0].pools[0].pool: "2001:db8::1/80" does not begin at the first address of a /80; write 2001:db8::/80, or a range',
    ],
    [
      "pools that overlap",
      subnet6('"pools": [{"pool": "2001:db8::9-2001:db8::20"}, {"pool": "2001:db8::1-2001:db8::10"}]'),
      '3:58: Dhcp6.subnet6[0].pools[1].pool: "2001:db8::1-2001:db8::10" overlaps Dhcp6.subnet6[0].pools[0]; take 2001:db8::9 - 2001:db8::10 out of one of them',
    ],
    [
      "pools with one address in common",
      subnet6('"pools": [{"pool": "2001:db8::1-2001:db8::9"}, {"pool": "2001:db8::9-2001:db8::a"}]'),
      '3:57: Dhcp6.subnet6[0].pools[1].pool: "2001:db8::9-2001:db8::a" overlaps Dhcp6.subnet6[0].pools[0]; take 2001:db8::9 - 2001:db8::9 out of one of them',
    ],
    [
      "two networks of one name",
      '"shared-networks": [{"name": "n"}, {"name": "n"}]',
      '2:45: Dhcp6.shared-networks[1].name: "n" is the name of another network too; rename one of them',
    ],
    [
      "a relay of IPv4",
      subnet6('"relay": {"ip-addresses": ["10.0.0.1"]}'),
      `3:28: Dhcp6.subnet6[0].relay.ip-addresses[0]: "10.0.0.1" is not an IPv6 address; write the relay's link-address`,
    ],
    [
      "a relay twice, written in two ways",
      subnet6('"relay": {"ip-addresses": ["2001:db8::1", "2001:DB8:0::1"]}'),
      '3:43: Dhcp6.subnet6[0].relay.ip-addresses[1]: "2001:DB8:0::1" is listed twice; remove one of the two',
    ],
    [
      "clients on the link and behind a relay",
      subnet6('"interface": "eth0", "interface-id": "a"'),
      '3:22: Dhcp6.subnet6[0].interface-id: stands beside "interface"; keep "interface" for clients on the link, or "interface-id" for clients behind a relay',
    ],
    [
      "the same of a network",
      '"shared-networks": [{"name": "n", "interface": "eth0", "interface-id": "a"}]',
      '2:56: Dhcp6.shared-networks[0].interface-id: stands beside "interface"; keep "interface" for clients on the link, or "interface-id" for clients behind a relay',
    ],
    [
      "a network's subnets on two interfaces",
      network('"interface": "a"', '"interface": "b"'),
      '4:53: Dhcp6.shared-networks[0].subnet6[1].interface: "b" is not the interface of the rest of the network, "a"; a shared network is one link: name one interface, or leave the subnets to other networks',
    ],
    [
      "rapid commit for one subnet of a network",
      network('"rapid-commit": true', '"rapid-commit": false'),
      `4:56: Dhcp6.shared-networks[0].subnet6[1].rapid-commit: false is not what the network's first subnet has, true; write "rapid-commit" at the network`,
    ],
    [
      "rapid commit that a subnet does not inherit",
      `"shared-networks": [{"name": "n", "rapid-commit": true, "subnet6": [{"id": 1, "subnet": "2001:db8::/64", "rapid-commit": false},\n{"id": 2, "subnet": "2001:db9::/64"}]}]`,
      `3:1: Dhcp6.shared-networks[0].subnet6[1].rapid-commit: is not what the network's first subnet has, false; write "rapid-commit" at the network`,
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf6(body)).toEqual(faults);
  });
});

describe("faults of pools of prefixes", () => {
  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "a prefix with a length",
      pdPool("", "3000::/48"),
      '3:25: Dhcp6.subnet6[0].pd-pools[0].prefix: "3000::/48" is not an IPv6 address; write the first address, such as 2001:db8:8000::, and the length in "prefix-len"',
    ],
    [
      "a prefix of IPv4",
      pdPool("", "192.0.2.0"),
      '3:25: Dhcp6.subnet6[0].pd-pools[0].prefix: "192.0.2.0" is not an IPv6 address; write the first address, such as 2001:db8:8000::, and the length in "prefix-len"',
    ],
    [
      "bits beyond the length",
      pdPool("", "3000:0:0:1::"),
      '3:25: Dhcp6.subnet6[0].pd-pools[0].prefix: "3000:0:0:1::" is not the first address of a /48; write 3000::, or another "prefix-len"',
    ],
    [
      "a prefix of groups of receivers",
      pdPool("", "ff05::"),
      '3:25: Dhcp6.subnet6[0].pd-pools[0].prefix: "ff05::" cannot be given to a client; write a unicast prefix',
    ],
    [
      "more handed out than there is",
      pdPool("", "3000::", [48, 47]),
      '3:70: Dhcp6.subnet6[0].pd-pools[0].delegated-len: 47 must be at least "prefix-len", which is 48 here',
    ],
    [
      "lengths of nothing and above 128",
      pdPool("", "3000::", [0, 129]),
      "3:49: Dhcp6.subnet6[0].pd-pools[0].prefix-len: 0 is too small; it must be at least 1",
      "3:69: Dhcp6.subnet6[0].pd-pools[0].delegated-len: 129 is too large; it must be at most 128",
    ],
    [
      "a missing length",
      subnet6('"pd-pools": [{"prefix": "3000::", "prefix-len": 48}]'),
      '3:14: Dhcp6.subnet6[0].pd-pools[0].delegated-len: is missing; write "delegated-len": 56, the length of what a client gets',
    ],
    [
      "pools that overlap",
      subnet6(
        '"pd-pools": [{"prefix": "3000::", "prefix-len": 40, "delegated-len": 56},\n{"prefix": "3000:0:1::", "prefix-len": 48, "delegated-len": 64}]',
      ),
      '4:12: Dhcp6.subnet6[0].pd-pools[1].prefix: "3000:0:1::" overlaps Dhcp6.subnet6[0].pd-pools[0]; take 3000:0:1:: - 3000:0:1:ffff:ffff:ffff:ffff:ffff out of one of them',
    ],
    [
      "prefixes out of a pool of addresses",
      subnet6(
        '"pools": [{"pool": "2001:db8::/80"}]',
        '"pd-pools": [{"prefix": "2001:db8::", "prefix-len": 64, "delegated-len": 80}]',
      ),
      '4:25: Dhcp6.subnet6[0].pd-pools[0].prefix: "2001:db8::" overlaps Dhcp6.subnet6[0].pools[0]; take 2001:db8:: - 2001:db8::ffff:ffff:ffff out of one of them',
    ],
    [
      "RFC 6603 §4.2: a part left out that is the whole",
      pdPool('"excluded-prefix": "2001:db8:8000::", "excluded-prefix-len": 56'),
      '4:62: Dhcp6.subnet6[0].pd-pools[0].excluded-prefix-len: 56 must be more than "delegated-len", which is 56 here',
    ],
    [
      "a part of another than the first prefix",
      pdPool('"excluded-prefix": "2001:db8:8000:100::", "excluded-prefix-len": 64'),
      '4:20: Dhcp6.subnet6[0].pd-pools[0].excluded-prefix: "2001:db8:8000:100::" is not inside the first delegated prefix, 2001:db8:8000::/56; write which part of that is left out; it is the same part of each other',
    ],
    [
      "a part without a length",
      pdPool('"excluded-prefix": "2001:db8:8000::"'),
      '4:20: Dhcp6.subnet6[0].pd-pools[0].excluded-prefix: "2001:db8:8000::" has no length; write it in "excluded-prefix-len"',
    ],
    [
      "a length of no part",
      pdPool('"excluded-prefix-len": 64'),
      '4:24: Dhcp6.subnet6[0].pd-pools[0].excluded-prefix-len: 64 is the length of an "excluded-prefix" that is not given; write that, too',
    ],
    [
      "a part that is no address",
      pdPool('"excluded-prefix": "2001:db8:8000::/64", "excluded-prefix-len": 64'),
      '4:20: Dhcp6.subnet6[0].pd-pools[0].excluded-prefix: "2001:db8:8000::/64" is not an IPv6 address; write its first address, and its length in "excluded-prefix-len"',
    ],
    [
      "a part with bits beyond its length",
      pdPool('"excluded-prefix": "2001:db8:8000::1", "excluded-prefix-len": 64'),
      '4:20: warning: Dhcp6.subnet6[0].pd-pools[0].excluded-prefix: "2001:db8:8000::1" is not the first address of its prefix and is taken as 2001:db8:8000::/64',
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf6(body)).toEqual(faults);
  });
});

describe("faults of reservations", () => {
  const FIX = "write an address and a length from 1 to 128 without spaces, such as 2001:db8:2::/48";
  const prefixFault = (text: string, message: string) =>
    `4:35: Dhcp6.subnet6[0].reservations[0].prefixes[0]: "${text}" ${message}; ${FIX}`;
  const prefix = (text: string) => reservations6(`{"duid": "01:02:03", "prefixes": ["${text}"]}`);

  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "no identifier",
      reservations6('{"hostname": "a"}'),
      '4:1: Dhcp6.subnet6[0].reservations[0]: has nothing to know the client by; add "duid" or "hw-address"',
    ],
    [
      "two identifiers",
      reservations6('{"hw-address": "1:2:3", "duid": "01:02:03"}'),
      '4:25: Dhcp6.subnet6[0].reservations[0].duid: stands beside "hw-address"; a reservation has one identifier: make two reservations of it',
    ],
    [
      "a DUID of 2 bytes",
      reservations6('{"duid": "01:02"}'),
      '4:10: Dhcp6.subnet6[0].reservations[0].duid: "01:02" has 2 bytes; it must have from 3 to 130',
    ],
    [
      "pain row 12: one DUID twice, written in two ways",
      reservations6('{"duid": "0a:02:03"}', '{"duid": "0A0203"}'),
      '5:10: Dhcp6.subnet6[0].reservations[1].duid: "0A0203" is reserved by Dhcp6.subnet6[0].reservations[0] too; remove one of the two',
    ],
    [
      "pain row 12: one hardware address twice, written in two ways",
      reservations6('{"hw-address": "0a:02:03:04:05:06"}', '{"hw-address": "0A0203040506"}'),
      '5:16: Dhcp6.subnet6[0].reservations[1].hw-address: "0A0203040506" is reserved by Dhcp6.subnet6[0].reservations[0] too; remove one of the two',
    ],
    [
      "flex-id matches nobody and is noted once",
      reservations6('{"flex-id": "01", "prefixes": ["3000::/48"]}', '{"flex-id": "02"}'),
      "4:2: note: Dhcp6.subnet6[0].reservations[0].flex-id: matches no client: no extension is loaded that computes flexible identifiers",
    ],
    [
      "an address outside the subnet",
      reservations6('{"duid": "01:02:03", "ip-addresses": ["2001:db9::5"]}'),
      '4:39: Dhcp6.subnet6[0].reservations[0].ip-addresses[0]: "2001:db9::5" is not inside the subnet 2001:db8::/64; move the reservation to the subnet of its address',
    ],
    [
      "addresses that are none or nobody's",
      reservations6('{"duid": "01:02:03", "ip-addresses": ["192.0.2.1", "::", "ff02::1", " 2001:db8::5"]}'),
      '4:39: Dhcp6.subnet6[0].reservations[0].ip-addresses[0]: "192.0.2.1" is not an IPv6 address; remove it if the client takes one from a pool',
      '4:52: Dhcp6.subnet6[0].reservations[0].ip-addresses[1]: "::" cannot be given to a client; remove it if the client takes one from a pool',
      '4:58: Dhcp6.subnet6[0].reservations[0].ip-addresses[2]: "ff02::1" cannot be given to a client; remove it if the client takes one from a pool',
      '4:69: Dhcp6.subnet6[0].reservations[0].ip-addresses[3]: " 2001:db8::5" is not an IPv6 address; remove it if the client takes one from a pool',
    ],
    [
      "pain row 13: one address for two clients, written in two ways",
      reservations6(
        '{"duid": "01:02:03", "ip-addresses": ["2001:db8::5"]}',
        '{"duid": "01:02:04", "ip-addresses": ["2001:DB8:0::5"]}',
      ),
      '5:39: Dhcp6.subnet6[0].reservations[1].ip-addresses[0]: "2001:DB8:0::5" is reserved by Dhcp6.subnet6[0].reservations[0] too; remove one of the two, or allow it with "ip-reservations-unique": false in Dhcp6',
    ],
    [
      "one address twice for one client, whatever is allowed",
      `"ip-reservations-unique": false, ${reservations6('{"duid": "01:02:03", "ip-addresses": ["2001:db8::5", "2001:db8::5"]}')}`,
      '4:54: Dhcp6.subnet6[0].reservations[0].ip-addresses[1]: "2001:db8::5" is reserved twice; remove one of the two',
    ],
    [
      "prefixes of two clients that begin alike",
      reservations6(
        '{"duid": "01:02:03", "prefixes": ["3000::/48"]}',
        '{"duid": "01:02:04", "prefixes": ["3000::/56"]}',
      ),
      '5:35: Dhcp6.subnet6[0].reservations[1].prefixes[0]: "3000::/56" is reserved by Dhcp6.subnet6[0].reservations[0] too; remove one of the two, or allow it with "ip-reservations-unique": false in Dhcp6',
    ],
    ["a prefix without a length", prefix("3000::"), prefixFault("3000::", "is not an IPv6 prefix")],
    ["a prefix of length 0", prefix("::/0"), prefixFault("::/0", "is not an IPv6 prefix")],
    ["a prefix of length 129", prefix("3000::/129"), prefixFault("3000::/129", "is not an IPv6 prefix")],
    ["a prefix with spaces", prefix("3000:: / 48"), prefixFault("3000:: / 48", "is not an IPv6 prefix")],
    ["a prefix with two lengths", prefix("3000::/48/56"), prefixFault("3000::/48/56", "is not an IPv6 prefix")],
    ["a prefix of groups of receivers", prefix("ff05::/48"), prefixFault("ff05::/48", "cannot be given to a client")],
    [
      "a prefix with bits beyond its length",
      prefix("3000::1/48"),
      prefixFault("3000::1/48", "is not the first address of its prefix 3000::/48"),
    ],
    [
      "parts left out of fewer prefixes than there are",
      reservations6('{"duid": "01:02:03", "prefixes": ["3000::/48"], "excluded-prefixes": ["", ""]}'),
      '4:70: Dhcp6.subnet6[0].reservations[0].excluded-prefixes: has 2 entries where "prefixes" has 1; write one for each of "prefixes", "" where nothing is left out',
    ],
    [
      "parts left out that are none",
      reservations6(
        '{"duid": "01:02:03", "prefixes": ["3000::/48", "3001::/48"], "excluded-prefixes": ["3000::/48", "3000::/64"]}',
      ),
      '4:84: Dhcp6.subnet6[0].reservations[0].excluded-prefixes[0]: "3000::/48" is not a part of 3000::/48; write a longer prefix that is inside it',
      '4:97: Dhcp6.subnet6[0].reservations[0].excluded-prefixes[1]: "3000::/64" is not a part of 3001::/48; write a longer prefix that is inside it',
    ],
    [
      "a part left out that is no prefix",
      reservations6('{"duid": "01:02:03", "prefixes": ["3000::/48"], "excluded-prefixes": ["3000::"]}'),
      '4:71: Dhcp6.subnet6[0].reservations[0].excluded-prefixes[0]: "3000::" is not an IPv6 prefix; write an address and a length, such as 2001:db8:2:1::/64',
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf6(body)).toEqual(faults);
  });
});
