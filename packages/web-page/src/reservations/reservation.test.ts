import { describe, expect, it } from "vitest";
import type { Lease } from "../leases/lease.ts";
import { fieldsOf, reservationOf, reservationOfLease } from "./reservation.ts";

const MAC = "02:00:00:00:00:01";
const lease = { "ip-address": "10.0.0.1", "hw-address": MAC, hostname: "printer.example.", "subnet-id": 7 } as Lease;

describe("a lease as a reservation", () => {
  it("of DHCPv4 is its hardware address's, or its identifier's where it has none", () => {
    const what = { "ip-address": "10.0.0.1", hostname: "printer.example" };
    const place = { subnetId: 7, reservation: { "hw-address": MAC, ...what } };
    expect(reservationOfLease(4, lease)).toEqual(place);
    const other = { ...lease, "hw-address": "", "client-id": "01:02" };
    expect(reservationOfLease(4, other).reservation).toEqual({ "client-id": "01:02", ...what });
  });

  it("of DHCPv6 is its DUID's: an address, or a prefix", () => {
    const six = { ...lease, "ip-address": "2001:db8::", duid: "00:01", hostname: "", type: "IA_NA" };
    expect(reservationOfLease(6, six).reservation).toEqual({ duid: "00:01", "ip-addresses": ["2001:db8::"] });
    const prefix = { ...six, type: "IA_PD", "prefix-len": 56 };
    expect(reservationOfLease(6, prefix).reservation).toEqual({ duid: "00:01", prefixes: ["2001:db8::/56"] });
  });
});

describe("what is typed into the form", () => {
  const before = { "hw-address": MAC, "ip-address": "10.0.0.1", "client-classes": ["a"], "option-data": [{ code: 1 }] };
  const fields = fieldsOf({ subnetId: 7, reservation: before });

  it("is what the reservation has, and without a change makes the same again", () => {
    expect(fields).toMatchObject({
      identifierType: "hw-address",
      identifier: MAC,
      addresses: "10.0.0.1",
      classes: "a",
    });
    expect(reservationOf(4, fields, before)).toEqual(before);
  });

  it("takes the place of what was there, and leaves alone what no field has", () => {
    const typed = { ...fields, identifierType: "duid", identifier: " 00:01 ", addresses: "", classes: "b, c" };
    const rest = { "client-classes": ["b", "c"], "option-data": [{ code: 1 }] };
    expect(reservationOf(4, typed, before)).toEqual({ duid: "00:01", ...rest });
    expect(reservationOf(6, { ...typed, addresses: "a b", prefixes: "c/56" })).toMatchObject({
      "ip-addresses": ["a", "b"],
      prefixes: ["c/56"],
    });
  });
});
