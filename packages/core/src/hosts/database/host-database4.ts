/** Reservations of DHCPv4 in host databases. */
import type { Reservation4Config } from "../../config/dhcp4-config.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { type Host4, type HostIdentifierType4, reservedKeys4 } from "../model/host4.ts";
import type { HostRules, HostSource } from "./batch-hosts.ts";
import type { HostDatabase } from "./host-database.ts";
import type { HostView } from "./host-view.ts";
import type { LearnedHosts } from "./learned-hosts.ts";
import type { OfferedHosts } from "./offered-hosts.ts";

export type HostDatabase4 = HostDatabase<HostIdentifierType4, Ipv4, Reservation4Config>;
export type HostSource4 = HostSource<HostIdentifierType4, Host4, Ipv4> & { readonly database: HostDatabase4 };
export type HostView4 = HostView<HostIdentifierType4, Host4, Ipv4>;
export type OfferedHosts4 = OfferedHosts<LearnedHosts<HostIdentifierType4, Host4, Ipv4>>;

export const hostRules4: HostRules<Host4, Ipv4, Ipv4> = { keysOf: reservedKeys4, addressOf: (address) => address };
