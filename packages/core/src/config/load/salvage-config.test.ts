import { describe, expect, test } from "vitest";
import { dhcp4Family } from "../dhcp4-family.ts";
import { formatFault } from "../fault.ts";
import { salvageConfig } from "./salvage-config.ts";

function salvage(subnets: string, rest = "") {
  return salvageConfig(dhcp4Family, "f", { read: () => `{"Dhcp4": {${rest}\n"subnet4": [\n${subnets}\n]}}` });
}

describe("a start with a file that is refused", () => {
  test("pain row 12: serves everybody but the reservation that is there twice", () => {
    const salvaged = salvage(`{"id": 1, "subnet": "192.0.2.0/24", "pools": [{"pool": "192.0.2.0/28"}], "reservations": [
      {"hw-address": "01:02:03:04:05:06", "hostname": "a"},
      {"hw-address": "01:02:03:04:05:06", "hostname": "b"},
      {"hw-address": "01:02:03:04:05:07", "hostname": "c"}]}`);
    expect(salvaged?.config.subnet4[0]?.reservations.map(({ hostname }) => hostname)).toEqual(["a", "c"]);
    expect(salvaged?.config.subnet4[0]?.pools).toHaveLength(1);
    expect(salvaged?.faults.map(formatFault)).toEqual([
      "f:5:7: Dhcp4.subnet4[0].reservations[1]: is left out of service because it is wrong; correct it and reload",
    ]);
  });

  test("leaves out a reservation whose address has the wrong type, not only the address", () => {
    const salvaged = salvage(
      '{"id": 1, "subnet": "192.0.2.0/24", "reservations": [{"hw-address": "01:02", "ip-address": 5}]}',
    );
    expect(salvaged?.config.subnet4[0]?.reservations).toEqual([]);
  });

  test("leaves out subnets and pools, each under its own index", () => {
    const salvaged = salvage(`{"subnet": "10.0.0.0/8"},
      {"id": 2, "subnet": "192.0.2.0/24", "pools": [{"pool": "x"}, {"pool": "192.0.2.0/28"}]},
      {"id": 3, "subnet": "192.0.3.0/24", "adaptive-lease-time-threshold": 1.5}`);
    expect(salvaged?.config.subnet4.map(({ id, pools }) => [id, pools.length])).toEqual([[2, 1]]);
    expect(salvaged?.faults.map(({ pointer }) => pointer.slice(1))).toEqual([
      ["subnet4", 0],
      ["subnet4", 1, "pools", 0],
      ["subnet4", 2],
    ]);
  });

  test("does not leave out a reservation because of one that is left out itself", () => {
    const salvaged = salvage(`{"id": 1, "subnet": "192.0.2.0/24", "reservations": [
      {"hw-address": "01:02", "ip-address": 7, "hostname": "a"},
      {"hw-address": "01:02", "hostname": "b"},
      {"hw-address": "01:02", "hostname": "c"}]}`);
    expect(salvaged?.config.subnet4[0]?.reservations.map(({ hostname }) => hostname)).toEqual(["b"]);
  });

  test.each([
    ["a fault anywhere else", '"valid-lifetime": "x",'],
    ["a fault of syntax", '"valid-lifetime" 1,'],
    ["a function that is not there", '"dhcp-ddns": {"ncr-protocol": "TCP"},'],
  ])("%s: nothing is served", (_, rest) => {
    expect(salvage('{"id": 1, "subnet": "10.0.0.0/8"}', rest)).toBeUndefined();
  });

  test("a file that cannot be read: nothing is served", () => {
    const reader = {
      read(): string {
        throw new Error("no such file");
      },
    };
    expect(salvageConfig(dhcp4Family, "f", reader)).toBeUndefined();
  });
});
