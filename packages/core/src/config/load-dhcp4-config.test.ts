import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dhcp4Config } from "./dhcp4-config.ts";
import { formatFault } from "./fault.ts";
import { loadDhcp4Config, parseDhcp4Config } from "./load-dhcp4-config.ts";

const nowhere = {
  read(): string {
    throw new Error("no such file");
  },
};

/** An interface is named, so that nothing is said about interfaces. */
function parse(body: string) {
  const text = `{ "Dhcp4": { "interfaces-config": { "interfaces": ["eth0"] },\n${body}\n} }`;
  return parseDhcp4Config({ file: "f", text }, nowhere);
}

/** Formatted, without the file. What stands at each place must be the value or the key that the fault is about. */
function faultsOf(body: string): string[] {
  const lines = ["", ...body.split("\n")];
  return parse(body).faults.map((fault) => {
    const { place, pointer, at, value } = fault;
    const there = lines[(place?.line ?? 0) - 1]?.slice((place?.column ?? 0) - 1);
    if (at === "key") expect(there).toMatch(`"${pointer.at(-1)}"`);
    else if (value !== undefined) expect(there?.startsWith(JSON.stringify(value))).toBe(true);
    return formatFault(fault).replace(/^f:/, "");
  });
}

function configOf(body: string): Dhcp4Config {
  const loaded = parse(body);
  if (loaded.kind === "refused") throw new Error(loaded.faults.map(formatFault).join("\n"));
  return loaded.config;
}

describe("a configuration that holds", () => {
  test("has all defaults at the global scope, and Kea 2.6's where they differ from 3's", () => {
    const config = configOf("");
    expect(config).toMatchObject({
      "valid-lifetime": 7200,
      "calculate-tee-times": false,
      "t1-percent": 0.5,
      "t2-percent": 0.875,
      "decline-probation-period": 86400,
      "match-client-id": true,
      "echo-client-id": true,
      authoritative: false,
      "next-server": "0.0.0.0",
      "ddns-conflict-resolution-mode": "check-with-dhcid",
      "host-reservation-identifiers": ["hw-address", "duid", "circuit-id", "client-id"],
      "interfaces-config": { "dhcp-socket-type": "raw", "outbound-interface": "same-as-inbound", "re-detect": true },
      "lease-database": { type: "memfile", persist: true, "lfc-interval": 3600 },
      "expired-leases-processing": { "reclaim-timer-wait-time": 10, "hold-reclaimed-time": 3600 },
      "sanity-checks": { "lease-checks": "warn" },
      "dhcp-ddns": { "enable-updates": false, "server-port": 53001 },
      "control-sockets": [],
      subnet4: [],
    });
    expect(config["cache-threshold"]).toBeUndefined();
    expect(config["min-valid-lifetime"]).toBeUndefined();
  });

  test("leaves what is inherited unset in inner scopes", () => {
    const [subnet] = configOf(
      '"valid-lifetime": 60, "subnet4": [{"id": 1, "subnet": "192.0.2.0/24", "pools": [{"pool": "192.0.2.0/28"}]}]',
    ).subnet4;
    expect(subnet).toEqual({
      id: 1,
      subnet: "192.0.2.0/24",
      pools: [
        {
          pool: "192.0.2.0/28",
          "pool-id": 0,
          "option-data": [],
          "client-classes": [],
          "evaluate-additional-classes": [],
        },
      ],
      "option-data": [],
      reservations: [],
      "client-classes": [],
      "evaluate-additional-classes": [],
      "4o6-interface": "",
      "4o6-interface-id": "",
      "4o6-subnet": "",
    });
  });

  test("is frozen all the way down and can be sent to another thread", () => {
    const config = configOf('"subnet4": [{"id": 1, "subnet": "192.0.2.0/24"}], "user-context": {"a": [1]}');
    expect(Object.isFrozen(config.subnet4[0]?.reservations)).toBe(true);
    expect(Object.isFrozen(config["user-context"]?.["a"])).toBe(true);
    expect(structuredClone(config)).toEqual(config);
  });

  test("comes out under the newer spellings of renamed keys", () => {
    const config = configOf(
      `"ddns-use-conflict-resolution": false,
       "subnet4": [{"id": 1, "subnet": "192.0.2.0/24", "client-class": "", "require-client-classes": []}],
       "loggers": [{"name": "kea-dhcp4", "severity": "debug", "output_options": [{"output": "stdout"}]}]`,
    );
    expect(config["ddns-conflict-resolution-mode"]).toBe("no-check-with-dhcid");
    expect(config.subnet4[0]).toMatchObject({ "client-classes": [], "evaluate-additional-classes": [] });
    expect(config.subnet4[0]).not.toHaveProperty("client-class");
    expect(config.loggers[0]).toMatchObject({
      severity: "DEBUG",
      debuglevel: 0,
      "output-options": [{ output: "stdout", maxver: 1 }],
    });
    expect(config).not.toHaveProperty("ddns-use-conflict-resolution");
  });
});

const SUBNET = '"id": 1, "subnet": "192.0.2.0/24"';
const pools = (...texts: string[]) =>
  `"subnet4": [{${SUBNET}, "pools": [${texts.map((text) => `{"pool": "${text}"}`).join(", ")}]}]`;
const reservations = (...texts: string[]) => `"subnet4": [{${SUBNET}, "reservations": [\n${texts.join(",\n")}]}]`;
const HW = '"hw-address": "01:02:03:04:05:06"';

describe("accepted without a word", () => {
  test.each<[title: string, body: string]>([
    [
      "pools in both notations, with and without spaces",
      pools("192.0.2.1-192.0.2.9", " 192.0.2.16 / 28 ", "192.0.2.40  -  192.0.2.50"),
    ],
    ["a pool of one address", pools("192.0.2.5-192.0.2.5")],
    ["overlapping subnets", `"subnet4": [{${SUBNET}}, {"id": 2, "subnet": "192.0.2.0/25"}]`],
    [
      "the least and the greatest subnet id",
      '"subnet4": [{"id": 1, "subnet": "0.0.0.0/0"}, {"id": 4294967294, "subnet": "10.0.0.0/32"}]',
    ],
    ["spaces in a prefix", '"subnet4": [{"id": 1, "subnet": " 192.0.2.0 / 24"}]'],
    [
      "identifiers in all of Kea's notations",
      reservations(
        '{"hw-address": "010203040506"}',
        '{"hw-address": "1:2:3:4:5:7"}',
        '{"hw-address": "01 02 03"}',
        '{"hw-address": "0x0a"}',
        '{"client-id": "\'charter950\'"}',
        '{"circuit-id": " \'a\'b\' "}',
        '{"duid": "10203"}',
      ),
    ],
    ["the same bytes under two types of identifier", reservations(`{${HW}}`, '{"duid": "01:02:03:04:05:06"}')],
    [
      "one hardware address in two subnets",
      `"subnet4": [{${SUBNET}, "reservations": [{${HW}}]}, {"id": 2, "subnet": "10.0.0.0/8", "reservations": [{${HW}}]}]`,
    ],
    [
      "pain row 13: two clients with one address, when allowed",
      `"ip-reservations-unique": false, ${reservations(`{${HW}, "ip-address": "192.0.2.5"}`, '{"duid": "01:02:03", "ip-address": "192.0.2.5"}')}`,
    ],
    ["a reservation for any address in the global scope", `"reservations": [{${HW}, "ip-address": "10.9.9.9"}]`],
    [
      "features turned off or empty",
      `"client-classes": [], "control-sockets": [], "hosts-databases": [], "hooks-libraries": [],
      "config-control": {"config-databases": []}, "dhcp-ddns": {"enable-updates": false}, "dhcp4o6-port": 0,
      "multi-threading": {"enable-multi-threading": false}, "dhcp-queue-control": {"enable-queue": false}, "parked-packet-limit": 256`,
    ],
    [
      "remarks anywhere",
      `"comment": "c", "user-context": {"x": 1}, "subnet4": [{${SUBNET}, "comment": "d", "pools": [{"pool": "192.0.2.0/28", "comment": "e"}]}]`,
    ],
    [
      "keys of statistics and databases",
      '"server-tag": "a", "statistic-default-sample-count": 0, "statistic-default-sample-age": 60',
    ],
    [
      "a shared network with one interface",
      `"shared-networks": [{"name": "n", "interface": "eth0", "authoritative": true, "subnet4": [{${SUBNET}, "interface": "eth0", "authoritative": true}]}]`,
    ],
    ["an infinite lifetime", '"valid-lifetime": 4294967295, "max-valid-lifetime": 4294967295'],
    [
      "pain rows 7 and 8: paths anywhere",
      '"lease-database": {"type": "memfile", "name": "/srv/any/where.csv"}, "loggers": [{"name": "kea-dhcp4", "output-options": [{"output": "/any/where.log"}]}]',
    ],
  ])("%s", (_, body) => {
    expect(faultsOf(body)).toEqual([]);
  });
});

describe("faults of shape", () => {
  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "a misspelt key",
      '"valid-lifetme": 1',
      '2:1: Dhcp4.valid-lifetme: is not a known key; did you mean "valid-lifetime"?',
    ],
    [
      "a key that is like no other",
      '"foobar": 1',
      "2:1: Dhcp4.foobar: is not a known key; remove it, or check in which map it belongs",
    ],
    [
      "a key of an older version",
      '"reservation-mode": "all"',
      '2:1: Dhcp4.reservation-mode: is not a key of this version; write "reservations-global", "reservations-in-subnet" and "reservations-out-of-pool" instead',
    ],
    [
      "relay.ip-address",
      `"subnet4": [{${SUBNET}, "relay": {"ip-address": "10.0.0.1"}}]`,
      '2:59: Dhcp4.subnet4[0].relay.ip-address: is not a key of this version; write "ip-addresses": [ … ] instead',
    ],
    ["a text for a number", '"renew-timer": "x"', '2:16: Dhcp4.renew-timer: "x" is not a number'],
    ["a fraction for a whole number", '"renew-timer": 1.5', "2:16: Dhcp4.renew-timer: 1.5 is not a whole number"],
    ["null", '"renew-timer": null', "2:16: Dhcp4.renew-timer: null is not a number"],
    ["a list for a map", '"dhcp-ddns": []', "2:14: Dhcp4.dhcp-ddns: is not a map: { … }"],
    [
      "a number below its range",
      '"renew-timer": -1',
      "2:16: Dhcp4.renew-timer: -1 is too small; it must be at least 0",
    ],
    [
      "a number above its range",
      '"renew-timer": 4294967296',
      "2:16: Dhcp4.renew-timer: 4294967296 is too large; it must be at most 4294967295",
    ],
    [
      "a subnet id of 0",
      '"subnet4": [{"id": 0, "subnet": "192.0.2.0/24"}]',
      "2:20: Dhcp4.subnet4[0].id: 0 is too small; it must be at least 1",
    ],
    [
      "a missing subnet id",
      '"subnet4": [{"subnet": "192.0.2.0/24"}]',
      "2:13: Dhcp4.subnet4[0].id: is missing; give every subnet a number of its own from 1 to 4294967294 and never change it: leases refer to it",
    ],
    [
      "an unknown choice",
      '"allocator": "fast"',
      '2:14: Dhcp4.allocator: "fast" is not one of the values known here; write "iterative", "random", "flq" or "shared-flq"',
    ],
    [
      "a missing choice",
      '"lease-database": {"name": "x"}',
      '2:19: Dhcp4.lease-database.type: is missing; write "memfile", "mysql" or "postgresql"',
    ],
    [
      "Cassandra",
      '"lease-database": {"type": "cql"}',
      '2:28: Dhcp4.lease-database.type: "cql" is not one of the values known here; write "memfile", "mysql" or "postgresql"',
    ],
    [
      "a severity",
      '"loggers": [{"name": "kea-dhcp4", "severity": "loud"}]',
      '2:47: Dhcp4.loggers[0].severity: "loud" is not one of the values known here; write "FATAL", "ERROR", "WARN", "INFO", "DEBUG" or "NONE"',
    ],
    [
      "an address",
      '"next-server": "10.0.0.256"',
      '2:16: Dhcp4.next-server: "10.0.0.256" is not an IPv4 address; write four numbers from 0 to 255 such as 192.0.2.1',
    ],
    [
      "a name that does not fit its field",
      `"server-hostname": "${"x".repeat(64)}"`,
      `2:20: Dhcp4.server-hostname: "${"x".repeat(64)}" is too long; it may have 63 characters`,
    ],
    [
      "both spellings of a key",
      '"ddns-use-conflict-resolution": true, "ddns-conflict-resolution-mode": "check-with-dhcid"',
      '2:1: Dhcp4.ddns-use-conflict-resolution: is the old spelling of "ddns-conflict-resolution-mode", which is given too; remove "ddns-use-conflict-resolution"',
    ],
    [
      "a password is not shown",
      '"lease-database": {"type": "memfile", "password": 12345}',
      "2:51: Dhcp4.lease-database.password: is not a text in double quotes",
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf(body)).toEqual(faults);
  });

  test.each<[text: string, fault: string]>([
    ['{"Dhcp4": {}, "Dhcp6": {}}', "f:1:15: Dhcp6: is not a key of this version; put it into a file of its own"],
    [
      '{"Dhcp4": {}, "Logging": {"loggers": []}}',
      'f:1:15: Logging: is not a key of this version; put its "loggers" into "Dhcp4"',
    ],
    ["{}", 'f:1:1: Dhcp4: is missing; write { "Dhcp4": { … } }'],
    ["[]", "f:1:1: is not a map: { … }"],
  ])("%s", (text, fault) => {
    const [first] = parseDhcp4Config({ file: "f", text }, nowhere).faults.filter(
      ({ severity }) => severity === "error",
    );
    expect(first && formatFault(first)).toBe(fault);
  });
});

describe("faults of meaning", () => {
  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "a subnet without a length",
      '"subnet4": [{"id": 1, "subnet": "192.0.2.0"}]',
      '2:33: Dhcp4.subnet4[0].subnet: "192.0.2.0" is not an IPv4 prefix; write an address and a length from 0 to 32, such as 192.0.2.0/24',
    ],
    [
      "a subnet of IPv6",
      '"subnet4": [{"id": 1, "subnet": "2001:db8::/64"}]',
      '2:33: Dhcp4.subnet4[0].subnet: "2001:db8::/64" is not an IPv4 prefix; write an address and a length from 0 to 32, such as 192.0.2.0/24',
    ],
    [
      "bits beyond the length",
      '"subnet4": [{"id": 1, "subnet": "192.0.2.1/24"}]',
      '2:33: warning: Dhcp4.subnet4[0].subnet: "192.0.2.1/24" is not the first address of its prefix and is taken as 192.0.2.0/24',
    ],
    [
      "one id twice",
      `"subnet4": [{${SUBNET}}, {"id": 1, "subnet": "10.0.0.0/8"}]`,
      "2:57: Dhcp4.subnet4[1].id: 1 is the id of Dhcp4.subnet4[0] too; give each subnet a number of its own, and leave it to the older one: leases refer to it",
    ],
    [
      "one prefix twice, in a network and outside",
      `"subnet4": [{${SUBNET}}], "shared-networks": [{"name": "n", "subnet4": [{"id": 2, "subnet": "192.0.2.0/24"}]}]`,
      '2:117: Dhcp4.shared-networks[0].subnet4[0].subnet: "192.0.2.0/24" is the prefix of Dhcp4.subnet4[0] too; put both sets of pools into one subnet',
    ],
    [
      "half a pool",
      pools("192.0.2.5-"),
      '2:68: Dhcp4.subnet4[0].pools[0].pool: "192.0.2.5-" is not a range of addresses; write "first - last" or "address/length", such as "192.0.2.10 - 192.0.2.255"',
    ],
    [
      "a pool backwards",
      pools("192.0.2.9-192.0.2.1"),
      '2:68: Dhcp4.subnet4[0].pools[0].pool: "192.0.2.9-192.0.2.1" is not a range of addresses; write the lower address first',
    ],
    [
      "a pool outside",
      pools("192.0.3.1-192.0.3.2"),
      '2:68: Dhcp4.subnet4[0].pools[0].pool: "192.0.3.1-192.0.3.2" is not inside the subnet 192.0.2.0/24; stay within 192.0.2.0 - 192.0.2.255',
    ],
    [
      "a pool larger than the subnet",
      pools("192.0.2.0/23"),
      '2:68: Dhcp4.subnet4[0].pools[0].pool: "192.0.2.0/23" is not inside the subnet 192.0.2.0/24; stay within 192.0.2.0 - 192.0.2.255',
    ],
    [
      "a pool that is no prefix",
      pools("192.0.2.17/28"),
      '2:68: Dhcp4.subnet4[0].pools[0].pool: "192.0.2.17/28" does not begin at the first address of a /28; write 192.0.2.16/28, or a range',
    ],
    [
      "pools that overlap",
      pools("192.0.2.9-192.0.2.20", "192.0.2.1-192.0.2.10"),
      '2:102: Dhcp4.subnet4[0].pools[1].pool: "192.0.2.1-192.0.2.10" overlaps Dhcp4.subnet4[0].pools[0]; take 192.0.2.9 - 192.0.2.10 out of one of them',
    ],
    [
      "a pool inside a pool",
      pools("192.0.2.0/24", "192.0.2.0/28", "192.0.2.64/28"),
      '2:94: Dhcp4.subnet4[0].pools[1].pool: "192.0.2.0/28" overlaps Dhcp4.subnet4[0].pools[0]; take 192.0.2.0 - 192.0.2.15 out of one of them',
      '2:120: Dhcp4.subnet4[0].pools[2].pool: "192.0.2.64/28" overlaps Dhcp4.subnet4[0].pools[0]; take 192.0.2.64 - 192.0.2.79 out of one of them',
    ],
    [
      "lifetimes out of order",
      '"min-valid-lifetime": 100, "max-valid-lifetime": 50, "valid-lifetime": 70',
      '2:23: Dhcp4.min-valid-lifetime: 100 must be at most "valid-lifetime", which is 70 here',
    ],
    [
      "a maximum below the inherited default",
      `"subnet4": [{${SUBNET}, "max-valid-lifetime": 100}]`,
      '2:71: Dhcp4.subnet4[0].max-valid-lifetime: 100 must be at least "valid-lifetime", which is 7200 here',
    ],
    [
      "a default below the minimum that the network has",
      `"shared-networks": [{"name": "n", "min-valid-lifetime": 100, "subnet4": [{${SUBNET}, "valid-lifetime": 50}]}]`,
      '2:128: Dhcp4.shared-networks[0].subnet4[0].valid-lifetime: 50 must be at least "min-valid-lifetime", which is 100 here',
    ],
    [
      "T1 after T2",
      '"renew-timer": 100, "rebind-timer": 50',
      '2:16: warning: Dhcp4.renew-timer: 100 must rather be at most "rebind-timer", which is 50 here',
    ],
    [
      "shares out of order",
      '"calculate-tee-times": true, "t1-percent": 0.9, "t2-percent": 0.9',
      '2:44: Dhcp4.t1-percent: 0.9 must be less than "t2-percent", which is 0.9 here',
    ],
    [
      "a share of nothing",
      `"subnet4": [{${SUBNET}, "calculate-tee-times": true, "t1-percent": 0}]`,
      "2:92: Dhcp4.subnet4[0].t1-percent: 0 leaves no time; it must be more than 0 and less than 1",
    ],
    [
      "a relay that is no address",
      `"subnet4": [{${SUBNET}, "relay": {"ip-addresses": ["::1"]}}]`,
      `2:76: Dhcp4.subnet4[0].relay.ip-addresses[0]: "::1" is not an IPv4 address; write the relay's giaddr`,
    ],
    [
      "a relay twice",
      `"subnet4": [{${SUBNET}, "relay": {"ip-addresses": ["10.0.0.1", "10.0.0.1"]}}]`,
      '2:88: Dhcp4.subnet4[0].relay.ip-addresses[1]: "10.0.0.1" is listed twice; remove one of the two',
    ],
    [
      "a network's subnets on two interfaces",
      `"shared-networks": [{"name": "n", "subnet4": [{${SUBNET}, "interface": "a"}, {"id": 2, "subnet": "10.0.0.0/8", "interface": "b"}]}]`,
      '2:149: Dhcp4.shared-networks[0].subnet4[1].interface: "b" is not the interface of the rest of the network, "a"; a shared network is one link: name one interface, or leave the subnets to other networks',
    ],
    [
      "a network's subnets differ about being authoritative",
      `"shared-networks": [{"name": "n", "subnet4": [{${SUBNET}, "authoritative": true}]}]`,
      '2:100: Dhcp4.shared-networks[0].subnet4[0].authoritative: true is not what the network has, false; write "authoritative" at the network',
    ],
    [
      "two networks of one name",
      '"shared-networks": [{"name": "n"}, {"name": "n"}]',
      '2:45: Dhcp4.shared-networks[1].name: "n" is the name of another network too; rename one of them',
    ],
    [
      "a set of characters that is none",
      '"hostname-char-set": "(a+)+$"',
      '2:22: Dhcp4.hostname-char-set: "(a+)+$" is not one set of characters; write a set in brackets without classes such as [:alpha:], for example [^A-Za-z0-9.-]',
    ],
    [
      "an unknown logger",
      '"loggers": [{"name": "kea-dhcp4.lease"}]',
      '2:22: warning: Dhcp4.loggers[0].name: "kea-dhcp4.lease" is no logger of this daemon; did you mean "kea-dhcp4.leases"?',
    ],
    [
      "an identifier type twice",
      '"host-reservation-identifiers": ["duid", "duid"]',
      '2:42: Dhcp4.host-reservation-identifiers[1]: "duid" is listed twice; remove one of the two',
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf(body)).toEqual(faults);
  });
});

describe("faults of reservations", () => {
  test.each<[title: string, body: string, ...faults: string[]]>([
    [
      "no identifier",
      reservations('{"ip-address": "192.0.2.5"}'),
      '3:1: Dhcp4.subnet4[0].reservations[0]: has nothing to know the client by; add "hw-address", "client-id", "duid" or "circuit-id"',
    ],
    [
      "two identifiers",
      reservations(`{${HW}, "duid": "01:02:03"}`),
      '3:37: Dhcp4.subnet4[0].reservations[0].duid: stands beside "hw-address"; a reservation has one identifier: make two reservations of it',
    ],
    [
      "an identifier that is not hexadecimal",
      reservations('{"hw-address": "01-02-03"}'),
      '3:16: Dhcp4.subnet4[0].reservations[0].hw-address: "01-02-03" is not hexadecimal; write it as "1a:1b:1c:1d:1e:1f"',
    ],
    [
      "an empty identifier",
      reservations('{"client-id": ""}'),
      `3:15: Dhcp4.subnet4[0].reservations[0].client-id: "" is not hexadecimal; write it as "01:02:03", or text in single quotes: "'text'"`,
    ],
    [
      "a hardware address of 21 bytes",
      reservations(`{"hw-address": "${"ab".repeat(21)}"}`),
      `3:16: Dhcp4.subnet4[0].reservations[0].hw-address: "${"ab".repeat(21)}" has 21 bytes; it must have from 1 to 20`,
    ],
    [
      "a DUID of 2 bytes",
      reservations('{"duid": "01:02"}'),
      '3:10: Dhcp4.subnet4[0].reservations[0].duid: "01:02" has 2 bytes; it must have from 3 to 130',
    ],
    [
      "pain row 12: one hardware address twice, written in two ways",
      reservations('{"hw-address": "aa:bb:cc:dd:ee:ff"}', '{"hw-address": "AABBCCDDEEFF"}'),
      '4:16: Dhcp4.subnet4[0].reservations[1].hw-address: "AABBCCDDEEFF" is reserved by Dhcp4.subnet4[0].reservations[0] too; remove one of the two',
    ],
    [
      "pain row 13: one address twice",
      reservations(`{${HW}, "ip-address": "192.0.2.5"}`, '{"duid": "01:02:03", "ip-address": "192.0.2.5"}'),
      '4:36: Dhcp4.subnet4[0].reservations[1].ip-address: "192.0.2.5" is reserved by Dhcp4.subnet4[0].reservations[0] too; remove one of the two, or allow it with "ip-reservations-unique": false in Dhcp4',
    ],
    [
      "an address outside the subnet",
      reservations(`{${HW}, "ip-address": "192.0.3.5"}`),
      '3:51: Dhcp4.subnet4[0].reservations[0].ip-address: "192.0.3.5" is not inside the subnet 192.0.2.0/24; move the reservation to the subnet of its address',
    ],
    [
      "an address that nobody can have",
      `"reservations": [{${HW}, "ip-address": "255.255.255.255"}]`,
      '2:68: Dhcp4.reservations[0].ip-address: "255.255.255.255" cannot be given to a client; remove "ip-address" if the client takes one from a pool',
    ],
    [
      "flex-id matches nobody and is noted once",
      reservations('{"flex-id": "01"}', '{"flex-id": "02"}'),
      "3:2: note: Dhcp4.subnet4[0].reservations[0].flex-id: matches no client: flexible identifiers are computed by a hook that there is not",
    ],
  ])("%s", (_, body, ...faults) => {
    expect(faultsOf(body)).toEqual(faults);
  });
});

describe("faults of options", () => {
  test.each<[title: string, body: string, where: string]>([
    [
      "a value that does not fit",
      '"option-data": [{"name": "routers", "data": "10.0.0"}]',
      "2:45: Dhcp4.option-data[0].data",
    ],
    [
      "an unknown name in a subnet",
      `"subnet4": [{${SUBNET}, "option-data": [{"name": "ruters", "data": "1"}]}]`,
      "2:74: Dhcp4.subnet4[0].option-data[0].name",
    ],
    [
      "in a pool",
      `"subnet4": [{${SUBNET}, "pools": [{"pool": "192.0.2.0/28", "option-data": [{"code": 0}]}]}]`,
      "2:109: Dhcp4.subnet4[0].pools[0].option-data[0].code",
    ],
    [
      "in a reservation",
      reservations(`{${HW}, "option-data": [{"data": "1"}]}`),
      "3:53: Dhcp4.subnet4[0].reservations[0].option-data[0]",
    ],
    [
      "in a global reservation",
      `"reservations": [{${HW}, "option-data": [{"data": "1"}]}]`,
      "2:70: Dhcp4.reservations[0].option-data[0]",
    ],
    [
      "in a shared network",
      '"shared-networks": [{"name": "n", "option-data": [{"data": "1"}]}]',
      "2:51: Dhcp4.shared-networks[0].option-data[0]",
    ],
    [
      "a definition of a standard option",
      '"option-def": [{"name": "x", "code": 3, "type": "uint8"}]',
      "2:38: Dhcp4.option-def[0].code",
    ],
    [
      "an option given twice is a warning",
      '"option-data": [{"code": 222, "data": "01", "csv-format": false}, {"code": 222, "data": "02", "csv-format": false}]',
      "2:67: warning: Dhcp4.option-data[1]",
    ],
  ])("%s", (_, body, where) => {
    expect(faultsOf(body).map((fault) => fault.slice(0, where.length))).toEqual([where]);
  });
});

describe("what is not there", () => {
  test.each<[body: string, fault: string]>([
    [
      '"client-classes": [{"name": "a"}]',
      "2:1: Dhcp4.client-classes: defines client classes, which are not supported yet",
    ],
    [
      `"subnet4": [{${SUBNET}, "client-class": "a"}]`,
      "2:49: Dhcp4.subnet4[0].client-class: limits this to client classes, which are not supported yet",
    ],
    [
      `"subnet4": [{${SUBNET}, "require-client-classes": ["a"]}]`,
      "2:49: Dhcp4.subnet4[0].require-client-classes: evaluates client classes, which are not supported yet",
    ],
    [
      reservations(`{${HW}, "client-classes": ["a"]}`),
      "3:37: Dhcp4.subnet4[0].reservations[0].client-classes: puts the client into classes, which are not supported yet",
    ],
    [
      '"control-socket": {"socket-type": "unix", "socket-name": "/x"}',
      "2:1: Dhcp4.control-socket: opens a channel for commands, which is not supported yet",
    ],
    [
      '"control-sockets": [{"socket-type": "http"}]',
      "2:1: Dhcp4.control-sockets: opens a channel for commands, which is not supported yet",
    ],
    [
      '"hosts-database": {"type": "mysql"}',
      "2:1: Dhcp4.hosts-database: takes reservations from a database, which is not supported yet",
    ],
    [
      '"config-control": {"config-databases": [{"type": "mysql"}]}',
      "2:1: Dhcp4.config-control: takes parts of the configuration from a database, which is not supported yet",
    ],
    [
      '"hooks-libraries": [{"library": "a.so"}]',
      "2:1: Dhcp4.hooks-libraries: loads hooks, which are not supported yet",
    ],
    ['"dhcp4o6-port": 6767', "2:1: Dhcp4.dhcp4o6-port: turns on DHCPv4 over DHCPv6, which is not supported yet"],
    [
      '"lease-database": {"type": "mysql"}',
      '2:20: Dhcp4.lease-database.type: names a database for leases, which is not supported yet; use "memfile"',
    ],
    [
      '"dhcp-ddns": {"enable-updates": true}',
      "2:15: Dhcp4.dhcp-ddns.enable-updates: sends names to the DNS, which is not supported yet",
    ],
    [
      `"subnet4": [{${SUBNET}, "4o6-subnet": "2001:db8::/64"}]`,
      "2:49: Dhcp4.subnet4[0].4o6-subnet: is about DHCPv4 over DHCPv6, which is not supported yet",
    ],
    [
      '"multi-threading": {"enable-multi-threading": true}',
      "2:1: note: Dhcp4.multi-threading: has no effect: packets are served in batches by one thread, and the disk is written beside it",
    ],
    [
      '"dhcp-queue-control": {"enable-queue": true}',
      "2:1: note: Dhcp4.dhcp-queue-control: has no effect: packets wait in a ring of the kernel, and those that waited too long are dropped",
    ],
    ['"parked-packet-limit": 0', "2:1: note: Dhcp4.parked-packet-limit: has no effect: no packet is parked"],
  ])("%s", (body, fault) => {
    expect(faultsOf(body)).toEqual([fault]);
  });
});

describe("interfaces", () => {
  const interfaces = (list: string) => {
    const text = `{ "Dhcp4": { "interfaces-config": { "interfaces": ${list} } } }`;
    return parseDhcp4Config({ file: "f", text }, nowhere).faults.map(formatFault);
  };

  test.each([['["*"]'], ['["eth0", "eth1/192.0.2.1", "eth1/192.0.2.2"]'], ['["*", "eth0"]'], ['[" eth0 "]']])(
    "%s is fine",
    (list) => {
      expect(interfaces(list)).toEqual([]);
    },
  );

  test.each<[list: string, problem: string]>([
    ['["eth0", "eth0"]', 'f:1:60: Dhcp4.interfaces-config.interfaces[1]: "eth0" is listed twice'],
    ['["eth0/10.0.0.1", "eth0"]', 'f:1:69: Dhcp4.interfaces-config.interfaces[1]: "eth0" is listed twice'],
    ['["eth0", "eth0/10.0.0.1"]', 'f:1:60: Dhcp4.interfaces-config.interfaces[1]: "eth0/10.0.0.1" is listed twice'],
    [
      '["*/10.0.0.1"]',
      'f:1:52: Dhcp4.interfaces-config.interfaces[0]: "*/10.0.0.1" asks for one address of all interfaces',
    ],
    ['["eth0/"]', 'f:1:52: Dhcp4.interfaces-config.interfaces[0]: "eth0/" does not end in an IPv4 address'],
    ['["/10.0.0.1"]', 'f:1:52: Dhcp4.interfaces-config.interfaces[0]: "/10.0.0.1" names no interface'],
  ])("%s is not", (list, problem) => {
    expect(interfaces(list)).toEqual([`${problem}; write "eth0", "eth0/192.0.2.1" or "*", each once`]);
  });

  test.each([["[]"], [undefined]])("pain row 6: %s is accepted with a warning", (list) => {
    const loaded = parseDhcp4Config(
      {
        file: "f",
        text: list === undefined ? '{"Dhcp4": {}}' : `{"Dhcp4": {"interfaces-config": {"interfaces": ${list}}}}`,
      },
      nowhere,
    );
    expect(loaded.kind).toBe("loaded");
    expect(loaded.faults.map(({ severity, message }) => [severity, message])).toEqual([
      ["warning", "names no interface: nobody will be served"],
    ]);
  });
});

describe("all faults at once", () => {
  test("faults of syntax, shape and meaning come together, in the order of the file, each under its own index", () => {
    const faults = faultsOf(`"subnet4": [
 {"subnet": "192.0.1.0/24"},
 {"id": 2, "subnet": "192.0.2.0/24", "reservations": [
   {"hw-address": 3},
   {${HW}, "bar": 1, "ip-address": "10.0.0.1"},
   {${HW}},
 ]},
 {"id": 2, "subnet": "192.0.2.0/33"}
]`);
    expect(faults.map((fault) => fault.replace(/;.*/, ""))).toEqual([
      "3:2: Dhcp4.subnet4[0].id: is missing",
      "5:4: Dhcp4.subnet4[1].reservations[0]: has nothing to know the client by",
      "5:19: Dhcp4.subnet4[1].reservations[0].hw-address: 3 is not a text in double quotes",
      "6:40: Dhcp4.subnet4[1].reservations[1].bar: is not a known key",
      '6:64: Dhcp4.subnet4[1].reservations[1].ip-address: "10.0.0.1" is not inside the subnet 192.0.2.0/24',
      '7:19: Dhcp4.subnet4[1].reservations[2].hw-address: "01:02:03:04:05:06" is reserved by Dhcp4.subnet4[1].reservations[1] too',
      "7:39: warning: this comma is not needed",
      "9:9: Dhcp4.subnet4[2].id: 2 is the id of Dhcp4.subnet4[1] too",
      '9:22: Dhcp4.subnet4[2].subnet: "192.0.2.0/33" is not an IPv4 prefix',
    ]);
  });

  test("thousands of one kind are cut down to twenty", () => {
    const many = Array.from({ length: 5000 }, (_, i) => `{"hw-address": "x${i}"}`);
    const faults = parse(reservations(...many)).faults;
    expect(faults).toHaveLength(20);
    expect(faults.at(-1)?.message).toBe("is not hexadecimal (and 4980 more like this)");
  });

  test("a fault in an included file stands under that file's name", () => {
    const reader = {
      read: (path: string) =>
        path === "f"
          ? '{"Dhcp4": {"interfaces-config": {"interfaces": ["*"]}, "subnet4": [<?include "s"?>]}}'
          : '\n{"id": 0, "subnet": "10.0.0.0/8"}',
    };
    expect(loadDhcp4Config("f", reader).faults.map(formatFault)).toEqual([
      "s:2:8: Dhcp4.subnet4[0].id: 0 is too small; it must be at least 1",
    ]);
  });

  test("pain row 9: a file that cannot be read says why and what to look at", () => {
    expect(loadDhcp4Config("/etc/x.conf", nowhere).faults.map(formatFault)).toEqual([
      '"/etc/x.conf" cannot be read: no such file; check that the user the daemon runs as may read it and enter its folders',
    ]);
  });
});

describe("any text gives a configuration or faults", () => {
  test("random bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const loaded = parseDhcp4Config({ file: "f", text }, nowhere);
        return loaded.kind === "loaded" || loaded.faults.length > 0;
      }),
    );
  });

  test("any JSON under any of our keys", () => {
    const keys = [
      ...Object.keys(configOf("")),
      "subnet4",
      "pools",
      "reservations",
      "id",
      "subnet",
      "pool",
      "relay",
      "name",
      "loggers",
    ];
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("192.0.2.0/24", "192.0.2.1 - 192.0.2.9", "", "*", 0, 1, -1, 1.5, true, null),
        fc.dictionary(fc.constantFrom(...keys), tie("any"), { maxKeys: 6 }),
        fc.array(tie("any"), { maxLength: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (any) => {
        const loaded = parseDhcp4Config({ file: "f", text: JSON.stringify({ Dhcp4: any }) }, nowhere);
        const places = loaded.faults.every(({ place }) => place !== undefined);
        return places && (loaded.kind === "loaded" || loaded.faults.some(({ severity }) => severity === "error"));
      }),
      { numRuns: 500 },
    );
  });
});
