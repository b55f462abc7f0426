import { describe, expect, test } from "vitest";
import { dhcp4Family } from "../dhcp4-family.ts";
import { formatFault } from "../fault.ts";
import { parseConfig } from "../load/load-config.ts";
import { faultsOf, nowhere, pools, SUBNET } from "../testing/parse-body.ts";

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
      '"hostname-char-set": "[a"',
      '2:22: Dhcp4.hostname-char-set: "[a" is no regular expression that can be decided without going back; write a set of characters such as [^A-Za-z0-9.-]',
    ],
    [
      "two words on the time to live",
      '"ddns-ttl": 60, "ddns-ttl-percent": 0.5',
      '2:17: Dhcp4.ddns-ttl-percent: says nothing beside "ddns-ttl", which is given too; remove one of them',
    ],
    [
      "times to live out of order",
      '"ddns-ttl-min": 60, "ddns-ttl-max": 50',
      '2:17: Dhcp4.ddns-ttl-min: 60 must be at most "ddns-ttl-max", which is 50 here',
    ],
    [
      "an unknown logger",
      '"loggers": [{"name": "kea-dhcp4.lease"}]',
      '2:22: warning: Dhcp4.loggers[0].name: "kea-dhcp4.lease" is no logger of this daemon; did you mean "kea-dhcp4.leases"?',
    ],
    [
      "a network without a name",
      '"shared-networks": [{"name": ""}]',
      '2:30: Dhcp4.shared-networks[0].name: "" is no name; give the network one',
    ],
    [
      "lifetimes of a network out of order",
      '"shared-networks": [{"name": "n", "valid-lifetime": 5, "max-valid-lifetime": 4}]',
      '2:53: Dhcp4.shared-networks[0].valid-lifetime: 5 must be at most "max-valid-lifetime", which is 4 here',
    ],
    [
      "a set of characters in a pool",
      `"subnet4": [{${SUBNET}, "pools": [{"pool": "192.0.2.0/28", "hostname-char-set": "(a"}]}]`,
      '2:105: Dhcp4.subnet4[0].pools[0].hostname-char-set: "(a" is no regular expression that can be decided without going back; write a set of characters such as [^A-Za-z0-9.-]',
    ],
    [
      "a logger twice",
      '"loggers": [{"name": "kea-dhcp4"}, {"name": "kea-dhcp4"}]',
      '2:45: warning: Dhcp4.loggers[1].name: "kea-dhcp4" is configured twice; the last one counts',
    ],
    [
      "outputs that are none",
      '"loggers": [{"name": "kea-dhcp4", "output-options": [{"output": ""}, {"output": "syslog:local9"}]}]',
      '2:65: Dhcp4.loggers[0].output-options[0].output: "" is no place to write to; write "stdout" or a file',
      '2:81: Dhcp4.loggers[0].output-options[1].output: "syslog:local9" names no syslog facility; write one of auth, authpriv, cron, daemon, ftp, kern, lpr, mail, news, syslog, user, uucp, local0, local1, local2, local3, local4, local5, local6 or local7',
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

describe("what is not there", () => {
  test.each<[body: string, fault: string]>([
    [
      '"hosts-databases": [{"type": "mysql"}]',
      '2:22: Dhcp4.hosts-databases[0].type: needs "name": which of the server\'s databases it is',
    ],
    [
      '"hosts-databases": [{"type": "postgresql", "name": "kea", "write-timeout": 3}]',
      "2:59: Dhcp4.hosts-databases[0].write-timeout: is of mysql only, as in Kea; remove it",
    ],
    [
      '"config-control": {"config-databases": [{"type": "mysql"}]}',
      '2:42: Dhcp4.config-control.config-databases[0].type: needs "name": which of the server\'s databases it is',
    ],
    [
      '"config-control": {"config-databases": [{"type": "mysql", "name": "a"}, {"type": "mysql", "name": "b"}]}',
      "2:20: Dhcp4.config-control.config-databases: has more than one database: as in Kea, configuration is in one",
    ],
    [
      '"config-control": {"config-databases": [{"type": "memfile"}]}',
      '2:42: Dhcp4.config-control.config-databases[0].type: is no database that has configuration; write "mysql" or "postgresql"',
    ],
    ['"dhcp4o6-port": 65535', "2:17: Dhcp4.dhcp4o6-port: 65535 is too large; it must be at most 65534"],
    [
      '"lease-database": {"type": "postgresql", "name": "kea", "read-timeout": 3}',
      "2:57: Dhcp4.lease-database.read-timeout: is of mysql only, as in Kea; remove it",
    ],
    [
      '"lease-database": {"type": "mysql", "name": "kea", "tcp-user-timeout": 3}',
      "2:52: Dhcp4.lease-database.tcp-user-timeout: is of postgresql only, as in Kea; remove it",
    ],
    [
      '"lease-database": {"type": "memfile", "write-timeout": 3}',
      "2:39: Dhcp4.lease-database.write-timeout: is of mysql only, as in Kea; remove it",
    ],
    [
      '"lease-database": {"type": "mysql"}',
      '2:20: Dhcp4.lease-database.type: needs "name": which of the server\'s databases it is',
    ],
    [
      '"dhcp-ddns": {"enable-updates": true, "ncr-protocol": "TCP"}',
      `2:39: Dhcp4.dhcp-ddns.ncr-protocol: sends names over TCP, which is not supported yet, by Kea's updater either; use "UDP"`,
    ],
    [
      `"subnet4": [{${SUBNET}, "4o6-subnet": "192.0.2.0/24"}]`,
      '2:63: Dhcp4.subnet4[0].4o6-subnet: "192.0.2.0/24" is not an IPv6 prefix; write an address and a length, such as 2001:db8::/64',
    ],
    [
      '"lease-database": {"type": "memfile", "password": "geheim"}',
      "2:39: note: Dhcp4.lease-database.password: has no meaning for a file",
    ],
    [
      '"lease-database": {"type": "memfile", "persist": false}',
      "2:39: warning: Dhcp4.lease-database.persist: keeps leases in memory only: they are lost when the daemon stops",
    ],
    [
      '"multi-threading": {"enable-multi-threading": true, "thread-pool-size": 4}',
      "2:1: note: Dhcp4.multi-threading: has no effect: packets are served in batches by one thread, and the disk is written beside it",
    ],
    [
      '"dhcp-queue-control": {"enable-queue": true}',
      "2:1: note: Dhcp4.dhcp-queue-control: has no effect: packets wait in a ring of the kernel, and those that waited too long are dropped",
    ],
    [
      '"expired-leases-processing": {"max-reclaim-time": 100}',
      '2:31: note: Dhcp4.expired-leases-processing.max-reclaim-time: has no effect: packets are served between two steps of "max-reclaim-leases", so none waits for the rest',
    ],
    [
      '"expired-leases-processing": {"unwarned-reclaim-cycles": 10}',
      "2:31: note: Dhcp4.expired-leases-processing.unwarned-reclaim-cycles: has no effect: all leases that have expired are reclaimed each time, so none are left to warn of",
    ],
    [
      '"lease-database": {"type": "memfile", "readonly": true}',
      "2:39: note: Dhcp4.lease-database.readonly: has a meaning for hosts-databases only, as in Kea: leases are written",
    ],
    [
      '"loggers": [{"name": "kea-dhcp4", "output-options": [{"output": "stdout", "flush": false}]}]',
      "2:75: note: Dhcp4.loggers[0].output-options[0].flush: has no effect: lines are written together, 20 ms after the first of them at the latest",
    ],
    [
      '"control-sockets": [{"socket-type": "unix", "socket-name": "a", "socket-port": 8000}]',
      "2:65: note: Dhcp4.control-sockets[0].socket-port: has no meaning for a unix socket",
    ],
  ])("%s", (body, fault) => {
    expect(faultsOf(body)).toEqual([fault]);
  });
});

describe("interfaces", () => {
  const interfaces = (list: string) => {
    const text = `{ "Dhcp4": { "interfaces-config": { "interfaces": ${list} } } }`;
    return parseConfig(dhcp4Family, { file: "f", text }, nowhere).faults.map(formatFault);
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

  test("routing has no say over raw sockets", () => {
    const text = '{ "Dhcp4": { "interfaces-config": { "interfaces": ["*"], "outbound-interface": "use-routing" } } }';
    expect(parseConfig(dhcp4Family, { file: "f", text }, nowhere).faults.map(formatFault)).toEqual([
      'f:1:80: warning: Dhcp4.interfaces-config.outbound-interface: has no effect with "dhcp-socket-type": "raw"; replies leave by the interface of the query',
    ]);
  });

  test.each([["[]"], [undefined]])("pain row 6: %s is accepted with a warning", (list) => {
    const loaded = parseConfig(
      dhcp4Family,
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
