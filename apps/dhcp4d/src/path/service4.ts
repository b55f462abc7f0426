/** The configuration in force, compiled: one value that a reload replaces as a whole. */
import type { Seconds } from "@kotare/core/base/clock";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { BatchHosts } from "@kotare/core/hosts/database/batch-hosts";
import {
  type HostDatabase4,
  type HostSource4,
  type HostView4,
  hostRules4,
  type OfferedHosts4,
} from "@kotare/core/hosts/database/host-database4";
import { type HostDatabases, hostSource, NO_DATABASES } from "@kotare/core/hosts/database/host-source";
import { configuredHosts } from "@kotare/core/hosts/database/host-view";
import { OfferedHosts } from "@kotare/core/hosts/database/offered-hosts";
import type { HostIdentifierType4 } from "@kotare/core/hosts/model/host4";
import type { LeaseStore4 } from "@kotare/core/leases/model/lease-store4";
import { compileSubnets4, type Scope4 } from "@kotare/core/subnets/compile/compile-subnets4";
import type { OwnSecret } from "@kotare/core/summons/own-secret";
import { AuthKeys4 } from "../authentication/auth-keys4.ts";

export interface Settings4 {
  readonly echoClientId: boolean;
  readonly ignoreServerIdentifier: boolean;
  readonly ignoreLinkSelection: boolean;
  readonly lenientOptionParsing: boolean;
  readonly stashAgentOptions: boolean;
  readonly declineProbation: Seconds;
  /** Kea's `outbound-interface: use-routing`: the kernel chooses the interface that a reply leaves by. */
  readonly isRouted: boolean;
  /** For what clients may check; `undefined` where there is nothing. */
  readonly replay: OwnSecret["replay"] | undefined;
}

export interface Service4 {
  readonly config: Dhcp4Config;
  readonly scope: Scope4;
  readonly settings: Settings4;
  /** Kea's order of looking identifiers up, without those that no reservation uses. */
  readonly identifierTypes: readonly HostIdentifierType4[];
  /** Where reservations are beside the configuration. */
  readonly hostSources: readonly HostSource4[];
  /** Reservations of clients who may be about to take an offer. */
  readonly offeredHosts: OfferedHosts4;
  /** What clients authenticate themselves with; `undefined` where nobody is asked. */
  readonly authentication: AuthKeys4 | undefined;
  /** What clients are called with; `undefined` where none is to be called. */
  readonly own: OwnSecret | undefined;
}

/** In steps that leave room for packets. @param former as `compileSubnets4` */
export function* compileService4(
  config: Dhcp4Config,
  store: LeaseStore4,
  former?: Service4,
  hosts: HostDatabases<HostDatabase4> = NO_DATABASES,
  own?: OwnSecret,
): Generator<void, Service4> {
  const scope = yield* compileSubnets4(config, store, former?.scope);
  const hostSources = hosts.databases.map((database) => hostSource(database, scope.reservations, hosts.onFault));
  const identifierTypes = hostSources.length > 0 ? config["host-reservation-identifiers"] : scope.identifierTypes;
  const authentication = config["user-context"]?.kotare?.authentication;
  return {
    config,
    scope,
    settings: { ...settingsOf(config), replay: own?.replay },
    own,
    authentication: authentication && new AuthKeys4(authentication),
    identifierTypes,
    hostSources,
    offeredHosts: new OfferedHosts(),
  };
}

/** The reservations, for one round of packets. */
export function beginHosts4({ hostSources, offeredHosts }: Service4): HostView4 {
  return hostSources.length === 0 ? configuredHosts : new BatchHosts(hostRules4, hostSources, offeredHosts);
}

function settingsOf(config: Dhcp4Config): Omit<Settings4, "replay"> {
  const interfaces = config["interfaces-config"];
  return {
    echoClientId: config["echo-client-id"],
    ignoreServerIdentifier: config.compatibility["ignore-dhcp-server-identifier"],
    ignoreLinkSelection: config.compatibility["ignore-rai-link-selection"],
    lenientOptionParsing: config.compatibility["lenient-option-parsing"],
    stashAgentOptions: config["stash-agent-options"],
    declineProbation: config["decline-probation-period"],
    isRouted: interfaces["dhcp-socket-type"] === "udp" && interfaces["outbound-interface"] === "use-routing",
  };
}
