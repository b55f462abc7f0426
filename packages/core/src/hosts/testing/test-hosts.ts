/** Reservations by numbers, of both families. Tests only. */
import { readReservation } from "../../config/check/read-reservation.ts";
import { reservationRules4 } from "../../config/dhcp4/reservation-rules4.ts";
import type { Reservation4Config } from "../../config/dhcp4-config.ts";
import { reservationRules6 } from "../../config/dhcp6/reservation-rules6.ts";
import type { Reservation6Config } from "../../config/dhcp6-config.ts";
import { dhcp4Spaces } from "../../dhcp4/options/dhcp4-spaces.ts";
import { dhcp6Spaces } from "../../dhcp6/options/dhcp6-spaces.ts";
import { type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import { type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import type { StoredHost } from "../database/host-database.ts";
import type { HostIdentifier } from "../model/host-index.ts";
import type { HostIdentifierType4 } from "../model/host4.ts";
import type { HostIdentifierType6 } from "../model/host6.ts";

/** Numbers are from 0 to 99. */
export interface TestHosts<Type extends string, Address, Reservation> {
  readonly name: string;
  /** Client `number` has addresses of these numbers. @param more further keys of the reservation */
  host(number: number, addresses?: readonly number[], more?: object, subnetId?: number): StoredHost<Reservation>;
  identifier(number: number): HostIdentifier<Type>;
  address(number: number): Address;
  /** What a record says of its client: its number. */
  numberOf(reservation: object): number;
}

const mac = (number: number) => `02:00:00:00:00:${String(number).padStart(2, "0")}`;
const identifier = (number: number) => ({
  type: "hw-address" as const,
  key: String.fromCharCode(2, 0, 0, 0, 0, Number.parseInt(String(number), 16)),
});
const numberOf = (reservation: object) => Number((reservation as { "hw-address": string })["hw-address"].slice(-2));

function checked<R>(read: { reservation: R } | { faults: readonly unknown[] }): R {
  if ("reservation" in read) return read.reservation;
  throw new Error(JSON.stringify(read.faults));
}

export const testHosts4: TestHosts<HostIdentifierType4, Ipv4, Reservation4Config> = {
  name: "DHCPv4",
  host(number, [address] = [], more = {}, subnetId = 1) {
    const given = address === undefined ? {} : { "ip-address": `192.0.2.${address}` };
    const document = { "hw-address": mac(number), ...given, ...more };
    return { subnetId, reservation: checked(readReservation(reservationRules4, document, dhcp4Spaces)) };
  },
  identifier,
  address: (number) => parseIpv4(`192.0.2.${number}`)!,
  numberOf,
};

export const testHosts6: TestHosts<HostIdentifierType6, Ipv6Key, Reservation6Config> = {
  name: "DHCPv6",
  host(number, addresses = [], more = {}, subnetId = 1) {
    const given = { "ip-addresses": addresses.map((each) => `2001:db8::${each}`) };
    const document = { "hw-address": mac(number), ...given, ...more };
    return { subnetId, reservation: checked(readReservation(reservationRules6, document, dhcp6Spaces)) };
  },
  identifier,
  address: (number) => parseIpv6Key(`2001:db8::${number}`)!,
  numberOf,
};
