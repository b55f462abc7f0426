/** What the commands about reservations work on, and what the families do differently. */

import type { ReadReservation } from "../../../config/check/read-reservation.ts";
import type { OptionDataConfig, OptionDefConfig, Reservation4Config } from "../../../config/dhcp4-config.ts";
import type { Reservation6Config } from "../../../config/dhcp6-config.ts";
import {
  type ConfigTree,
  type Tree4,
  type Tree6,
  type TreeTypes,
  tree4,
  tree6,
} from "../../../config/edit/config-tree.ts";
import type { HostDatabase } from "../../../hosts/database/host-database.ts";
import type { HostTableRules } from "../../../hosts/file/host-table.ts";
import { hostTable4 } from "../../../hosts/file/host-table4.ts";
import { hostTable6 } from "../../../hosts/file/host-table6.ts";
import type { HostIdentifierType4 } from "../../../hosts/model/host4.ts";
import type { HostIdentifierType6 } from "../../../hosts/model/host6.ts";
import { type Ipv4, parseIpv4, parseIpv4Prefix, prefixContains } from "../../../ip/ipv4.ts";
import { parseIpv6Prefix } from "../../../ip/ipv6.ts";
import { type Ipv6Key, isInPrefix, parseIpv6Key, readIpv6Key } from "../../../ip/ipv6-key.ts";
import type { ChangedReservation } from "../../../summons/changed-reservations.ts";
import type { EditContext } from "../../edit-config.ts";

/** What the families have in common in types. */
export interface ReservationTypes extends TreeTypes {
  readonly config: {
    readonly reservations: readonly object[];
    readonly "option-def": readonly OptionDefConfig[];
    readonly "ip-reservations-unique": boolean;
  };
  readonly reservation: { readonly hostname: string; readonly "option-data": readonly OptionDataConfig[] };
  readonly type: string;
  readonly address: number | string;
}

export interface ReservationFamily<T extends ReservationTypes> {
  readonly tree: ConfigTree<Pick<T, keyof TreeTypes>>;
  readonly table: HostTableRules<T["type"], T["address"], T["reservation"]>;
  /** Of an address, or of the first one of a prefix. */
  parseAddress(text: string): T["address"] | undefined;
  /** Whether it is an address of the other family. */
  isForeign(text: string): boolean;
  /** Of a reservation those addresses that are not in the subnet. */
  strays(reservation: T["reservation"], subnet: string): readonly string[];
  /** Of examples. */
  readonly example: { readonly address: string; readonly reservation: { readonly [key: string]: string | string[] } };
}

export interface ReservationContext<T extends ReservationTypes> extends EditContext<T["config"]> {
  /** Those in force, in the order in which they count. */
  hostDatabases(): readonly HostDatabase<T["type"], T["address"], T["reservation"]>[];
  /** Reads an entry with the options of the configuration in force. @param document JSON, which may be changed */
  readReservation(document: object): ReadReservation<T["reservation"]>;
  /** Told of each that a command has changed in a host database. */
  reservationChanged(change: ChangedReservation<T["address"]>): void;
}

interface Types4 extends Tree4 {
  readonly reservation: Reservation4Config;
  readonly type: HostIdentifierType4;
  readonly address: Ipv4;
}

export const reservations4: ReservationFamily<Types4> = {
  tree: tree4,
  table: hostTable4,
  parseAddress: parseIpv4,
  isForeign: (text) => parseIpv6Key(text) !== undefined,
  strays({ "ip-address": address }, subnet) {
    const isStray = address !== undefined && !prefixContains(parseIpv4Prefix(subnet)!, parseIpv4(address)!);
    return isStray ? [address] : [];
  },
  example: {
    address: "192.0.2.17",
    reservation: { "hw-address": "1a:1b:1c:1d:1e:1f", "ip-address": "192.0.2.17", hostname: "printer" },
  },
};

interface Types6 extends Tree6 {
  readonly reservation: Reservation6Config;
  readonly type: HostIdentifierType6;
  readonly address: Ipv6Key;
}

export const reservations6: ReservationFamily<Types6> = {
  tree: tree6,
  table: hostTable6,
  parseAddress: parseIpv6Key,
  isForeign: (text) => parseIpv4(text) !== undefined,
  strays({ "ip-addresses": addresses }, subnet) {
    const { address: prefix, length } = parseIpv6Prefix(subnet)!;
    return addresses.filter((text) => !isInPrefix(parseIpv6Key(text)!, readIpv6Key(prefix), length));
  },
  example: {
    address: "2001:db8:1::17",
    reservation: { duid: "01:02:03:04:05:06", "ip-addresses": ["2001:db8:1::17"], hostname: "printer" },
  },
};

export type ReservationContext4 = ReservationContext<Types4>;
export type ReservationContext6 = ReservationContext<Types6>;
