/** Reservations: what is kept for whom. */
import type { Reservation } from "../configuration/config.ts";
import type { Family, Lease } from "../leases/lease.ts";

/** Kea's names of what a client is known by. */
export const IDENTIFIERS: { readonly [F in Family]: readonly string[] } = {
  4: ["hw-address", "client-id", "duid", "circuit-id", "flex-id"],
  6: ["hw-address", "duid", "flex-id"],
};

/** A reservation in its place. */
export interface Place {
  /** 0 for one of all subnets. */
  readonly subnetId: number;
  readonly reservation: Reservation;
  /** Whether it is in a host database, and not in the configuration. */
  readonly isStored?: boolean;
}

/** What a form has of a reservation, as it is typed. */
export interface ReservationFields {
  readonly subnetId: number;
  readonly identifierType: string;
  readonly identifier: string;
  /** Addresses; in DHCPv4 one. */
  readonly addresses: string;
  readonly prefixes: string;
  readonly hostname: string;
  readonly classes: string;
}

/** The keys that fields are of. */
const OWN = ["ip-address", "ip-addresses", "prefixes", "hostname", "client-classes"];

export function identifierOf(reservation: Reservation): { readonly type: string; readonly value: string } {
  const type = [...new Set([...IDENTIFIERS[4], ...IDENTIFIERS[6]])].find((name) => name in reservation) ?? "hw-address";
  return { type, value: String(reservation[type] ?? "") };
}

export function fieldsOf({ subnetId, reservation }: Place): ReservationFields {
  const { "ip-address": address, "ip-addresses": addresses = [], prefixes = [], hostname = "" } = reservation;
  const { type, value } = identifierOf(reservation);
  return {
    subnetId,
    identifierType: type,
    identifier: value,
    addresses: [...(address === undefined || address === "" ? [] : [address]), ...addresses].join(", "),
    prefixes: prefixes.join(", "),
    hostname,
    classes: (reservation["client-classes"] ?? []).join(", "),
  };
}

/** @param before what is changed: what no field has stays as it is there */
export function reservationOf(family: Family, fields: ReservationFields, before: Reservation = {}): Reservation {
  const { identifierType, identifier, addresses, prefixes, hostname, classes } = fields;
  const own = [...OWN, identifierOf(before).type];
  const others = Object.entries(before).filter(([key]) => !own.includes(key));
  const [ips, nets, names] = [addresses, prefixes, classes].map(splitList) as [string[], string[], string[]];
  return {
    [identifierType]: identifier.trim(),
    ...(family === 4 && ips.length > 0 && { "ip-address": ips.join(", ") }),
    ...(family === 6 && ips.length > 0 && { "ip-addresses": ips }),
    ...(nets.length > 0 && { prefixes: nets }),
    ...(hostname.trim() !== "" && { hostname: hostname.trim() }),
    ...(names.length > 0 && { "client-classes": names }),
    ...Object.fromEntries(others),
  };
}

/** What a client has, for it alone from now on. */
export function reservationOfLease(family: Family, lease: Lease): Place {
  const identifier =
    family === 6
      ? { duid: lease.duid }
      : lease["hw-address"]
        ? { "hw-address": lease["hw-address"] }
        : { "client-id": lease["client-id"] };
  const what =
    family === 4
      ? { "ip-address": lease["ip-address"] }
      : lease.type === "IA_PD"
        ? { prefixes: [`${lease["ip-address"]}/${lease["prefix-len"]}`] }
        : { "ip-addresses": [lease["ip-address"]] };
  const name = lease.hostname.replace(/\.$/, "");
  return {
    subnetId: lease["subnet-id"],
    reservation: { ...identifier, ...what, ...(name !== "" && { hostname: name }) },
  };
}

function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
