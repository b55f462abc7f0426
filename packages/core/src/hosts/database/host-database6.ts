/** Reservations of DHCPv6 in host databases. */
import type { Reservation6Config } from "../../config/dhcp6-config.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import { addressOfReservedKey, type Host6, type HostIdentifierType6, reservedKeys6 } from "../model/host6.ts";
import type { HostRules, HostSource } from "./batch-hosts.ts";
import type { HostDatabase } from "./host-database.ts";
import type { HostView } from "./host-view.ts";
import type { LearnedHosts } from "./learned-hosts.ts";
import type { OfferedHosts } from "./offered-hosts.ts";

export type HostDatabase6 = HostDatabase<HostIdentifierType6, Ipv6Key, Reservation6Config>;
export type HostSource6 = HostSource<HostIdentifierType6, Host6, Ipv6Key> & { readonly database: HostDatabase6 };
export type HostView6 = HostView<HostIdentifierType6, Host6, string>;
export type OfferedHosts6 = OfferedHosts<LearnedHosts<HostIdentifierType6, Host6, string>>;

export const hostRules6: HostRules<Host6, Ipv6Key, string> = {
  keysOf: reservedKeys6,
  addressOf: addressOfReservedKey,
};
