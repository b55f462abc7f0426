import { describe, expect, test } from "vitest";
import { faultsOf, HW, reservations, SUBNET } from "../testing/parse-body.ts";

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
      "3:2: note: Dhcp4.subnet4[0].reservations[0].flex-id: matches no client: no extension is loaded that computes flexible identifiers",
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
