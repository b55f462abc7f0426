import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { dhcp4Family } from "../dhcp4-family.ts";
import { formatFault } from "../fault.ts";
import { configOf, faultsOf, HW, nowhere, parse, pools, reservations, SUBNET } from "../testing/parse-body.ts";
import { loadConfig, parseConfig } from "./load-config.ts";

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
      "lease-database": { type: "memfile" },
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

  test("keeps what configuration databases have set", () => {
    const metadata = { "server-tags": ["all"] };
    const config = configOf(`"subnet4": [{${SUBNET}, "metadata": ${JSON.stringify(metadata)}}]`);
    expect(config.subnet4[0]?.metadata).toEqual(metadata);
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

test("a file may name the schema that editors check it by", () => {
  const text = '{ "$schema": "dhcp4d.schema.json", "Dhcp4": { "interfaces-config": { "interfaces": ["*"] } } }';
  expect(parseConfig(dhcp4Family, { file: "f", text }, nowhere)).toMatchObject({ kind: "loaded", faults: [] });
});

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
      "multi-threading": {"enable-multi-threading": true, "thread-pool-size": 0, "packet-queue-size": 64}, "dhcp-queue-control": {"enable-queue": false}, "parked-packet-limit": 256`,
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
      "leases that are over at once",
      '"valid-lifetime": 0',
      "2:19: Dhcp4.valid-lifetime: 0 is too small; it must be at least 1",
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
      "spaces are the operator's",
      pools("192.0.2.1 -  192.0.2.300"),
      '2:68: Dhcp4.subnet4[0].pools[0].pool: "192.0.2.1 -  192.0.2.300" is not a range of addresses; write "first - last" or "address/length", such as "192.0.2.10 - 192.0.2.255"',
    ],
    [
      "an option by the name that the other family has",
      '"option-data": [{"name": "dns-servers", "data": "192.0.2.1"}]',
      '2:26: Dhcp4.option-data[0].name: space "dhcp4" has no option "dns-servers": check the spelling or add it to option-def; did you mean "domain-name-servers"?',
    ],
    [
      "a misspelt option",
      '"option-data": [{"name": "ruoters", "data": "192.0.2.1"}]',
      '2:26: Dhcp4.option-data[0].name: space "dhcp4" has no option "ruoters": check the spelling or add it to option-def; did you mean "routers"?',
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
    const [first] = parseConfig(dhcp4Family, { file: "f", text }, nowhere).faults.filter(
      ({ severity }) => severity === "error",
    );
    expect(first && formatFault(first)).toBe(fault);
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
    expect(loadConfig(dhcp4Family, "f", reader).faults.map(formatFault)).toEqual([
      "s:2:8: Dhcp4.subnet4[0].id: 0 is too small; it must be at least 1",
    ]);
  });

  test.each([
    ["ENOENT", "check the path; -c says which file is read"],
    ["ENOTDIR", "check the path; -c says which file is read"],
    ["EISDIR", "it is a folder: name a file in it"],
    ["EACCES", "check that the user the daemon runs as may read it and enter its folders"],
  ])("pain row 9: a file that cannot be read says why and what to look at: %s", (code, fix) => {
    const read = () => {
      throw Object.assign(new Error("the system's words"), { code });
    };
    expect(loadConfig(dhcp4Family, "/etc/x.conf", { read }).faults.map(formatFault)).toEqual([
      `"/etc/x.conf" cannot be read: the system's words; ${fix}`,
    ]);
  });
});

describe("any text gives a configuration or faults", () => {
  test("random bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const loaded = parseConfig(dhcp4Family, { file: "f", text }, nowhere);
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
        const loaded = parseConfig(dhcp4Family, { file: "f", text: JSON.stringify({ Dhcp4: any }) }, nowhere);
        const positions = loaded.faults.every(({ position }) => position !== undefined);
        return positions && (loaded.kind === "loaded" || loaded.faults.some(({ severity }) => severity === "error"));
      }),
      { numRuns: runs(125) },
    );
  });
});
