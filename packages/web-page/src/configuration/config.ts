/** Of a configuration, what is shown. */
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import type { Service, Session } from "../session.ts";

/** Kea's names for the map that a configuration is in. */
export const ROOTS: { readonly [S in Service]: string } = { dhcp4: "Dhcp4", dhcp6: "Dhcp6", d2: "DhcpDdns" };

export interface Subnet {
  readonly id: number;
  readonly subnet: string;
  readonly pools?: readonly { readonly pool: string; readonly "pool-id"?: number }[];
  readonly "pd-pools"?: readonly PdPool[];
  readonly reservations?: readonly Reservation[];
  readonly "user-context"?: UserContext & { readonly comment?: string };
  /** Of what is out of a database of configuration. */
  readonly metadata?: { readonly "server-tags"?: readonly string[] };
}

interface UserContext {
  /** Our own settings. */
  readonly kotare?: { readonly [key: string]: unknown };
}

interface PdPool {
  readonly prefix: string;
  readonly "prefix-len": number;
  readonly "delegated-len": number;
  readonly "pool-id"?: number;
}

/** Other keys are parameters, options among them. */
export interface Reservation {
  readonly hostname?: string;
  readonly "ip-address"?: string;
  readonly "ip-addresses"?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly "client-classes"?: readonly string[];
  readonly [identifier: string]: unknown;
}

export interface ClientClass {
  readonly name: string;
  readonly test?: string;
  readonly "template-test"?: string;
  readonly "only-if-required"?: boolean;
  readonly "only-in-additional-list"?: boolean;
  readonly "option-data"?: readonly { readonly name?: string; readonly code?: number; readonly data?: string }[];
}

interface Network {
  readonly name: string;
  readonly "user-context"?: UserContext;
  readonly subnet4?: readonly Subnet[];
  readonly subnet6?: readonly Subnet[];
}

export interface DhcpConfig extends Omit<Network, "name"> {
  readonly "config-control"?: { readonly "config-databases"?: readonly object[] };
  readonly "hosts-databases"?: readonly { readonly type: string; readonly readonly?: boolean }[];
  readonly "shared-networks"?: readonly Network[];
  readonly reservations?: readonly Reservation[];
  readonly "client-classes"?: readonly ClientClass[];
}

export async function loadConfig(session: Session, family: Family, signal: AbortSignal): Promise<DhcpConfig> {
  const service = SERVICE_OF[family];
  const answer = await session.ask<Record<string, DhcpConfig>>(service, "config-get", undefined, signal);
  return answer?.[ROOTS[service]] ?? {};
}

/** All subnets, each with the shared network that it is in. */
export function subnetsOf(config: DhcpConfig): readonly { readonly subnet: Subnet; readonly network: string }[] {
  const of = ({ subnet4 = [], subnet6 = [] }: Omit<Network, "name">, network: string) =>
    [...subnet4, ...subnet6].map((subnet) => ({ subnet, network }));
  return [...of(config, ""), ...(config["shared-networks"] ?? []).flatMap((network) => of(network, network.name))];
}

/** All reservations, each with the subnet that it is made in; number 0 and no text for those of all subnets. */
export function reservationsOf(
  config: DhcpConfig,
): readonly { readonly reservation: Reservation; readonly subnetId: number; readonly subnet: string }[] {
  const of = (reservations: readonly Reservation[] | undefined, subnetId: number, subnet: string) =>
    (reservations ?? []).map((reservation) => ({ reservation, subnetId, subnet }));
  return [
    ...of(config.reservations, 0, ""),
    ...subnetsOf(config).flatMap(({ subnet }) => of(subnet.reservations, subnet.id, subnet.subnet)),
  ];
}
