/** The configuration in force, compiled: one value that a reload replaces as a whole. */
import type { Seconds } from "@kotare/core/base/clock";
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import { parseRelaySupplied } from "@kotare/core/config/relay-supplied6";
import { dhcp6Spaces } from "@kotare/core/dhcp6/options/dhcp6-spaces";
import { leaseQueryParameters } from "@kotare/core/extensions/lease-query/lease-query-parameters";
import { BatchHosts } from "@kotare/core/hosts/database/batch-hosts";
import {
  type HostDatabase6,
  type HostSource6,
  type HostView6,
  hostRules6,
  type OfferedHosts6,
} from "@kotare/core/hosts/database/host-database6";
import { type HostDatabases, hostSource, NO_DATABASES } from "@kotare/core/hosts/database/host-source";
import { configuredHosts } from "@kotare/core/hosts/database/host-view";
import { OfferedHosts } from "@kotare/core/hosts/database/offered-hosts";
import type { HostIdentifierType6 } from "@kotare/core/hosts/model/host6";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import { compileOptionDefs } from "@kotare/core/options/option-spaces";
import { compileSubnets6, type Scope6 } from "@kotare/core/subnets/compile/compile-subnets6";
import type { SubnetIndex6 } from "@kotare/core/subnets/select/subnet-index6";
import type { OwnSecret } from "@kotare/core/summons/own-secret";
import { findersOf, type MacFinder } from "./client-mac6.ts";

export interface Settings6 {
  /** Of `mac-sources`. */
  readonly macFinders: readonly MacFinder[];
  /** Codes of options that relays may add to replies (RFC 6422). */
  readonly relaySupplied: ReadonlySet<number>;
  readonly declineProbation: Seconds;
  /** Kea's `allow-address-registration`. */
  readonly allowsRegistration: boolean;
  readonly lenientOptionParsing: boolean;
  /** As `Facts6`; empty where nobody may ask for leases. */
  readonly prefixLengths: readonly number[];
}

export interface Service6 {
  readonly config: Dhcp6Config;
  readonly scope: Scope6;
  readonly settings: Settings6;
  /** Kea's order of looking identifiers up, without those that no reservation uses. */
  readonly identifierTypes: readonly HostIdentifierType6[];
  /** Where reservations are beside the configuration. */
  readonly hostSources: readonly HostSource6[];
  /** Reservations of clients who may be about to take an offer. */
  readonly offeredHosts: OfferedHosts6;
  readonly serverDuid: Uint8Array;
  /** What clients are called with; `undefined` where none is to be called. */
  readonly own: OwnSecret | undefined;
}

/** RFC 6440: the one option that every relay may supply. */
const ERP_LOCAL_DOMAIN_NAME = 65;

/** In steps that leave room for packets. @param former as `compileSubnets4` */
export function* compileService6(
  config: Dhcp6Config,
  store: LeaseStore6,
  serverDuid: Uint8Array,
  former?: Service6,
  hosts: HostDatabases<HostDatabase6> = NO_DATABASES,
  own?: OwnSecret,
): Generator<void, Service6> {
  const scope = yield* compileSubnets6(config, store, former?.scope);
  const hostSources = hosts.databases.map((database) => hostSource(database, scope.reservations, hosts.onFault));
  const identifierTypes = hostSources.length > 0 ? config["host-reservation-identifiers"] : scope.identifierTypes;
  return {
    config,
    scope,
    settings: settingsOf6(config, scope),
    serverDuid,
    own,
    identifierTypes,
    hostSources,
    offeredHosts: new OfferedHosts(),
  };
}

/** The reservations, for one round of packets. */
export function beginHosts6({ hostSources, offeredHosts }: Service6): HostView6 {
  return hostSources.length === 0 ? configuredHosts : new BatchHosts(hostRules6, hostSources, offeredHosts);
}

function settingsOf6(config: Dhcp6Config, { subnets }: Scope6): Settings6 {
  const { spaces } = compileOptionDefs(config["option-def"], dhcp6Spaces);
  const supplied = config["relay-supplied-options"].map((text) => parseRelaySupplied(text, spaces));
  return {
    macFinders: findersOf(config["mac-sources"]),
    relaySupplied: new Set([ERP_LOCAL_DOMAIN_NAME, ...supplied.filter((code) => code !== undefined)]),
    declineProbation: config["decline-probation-period"],
    allowsRegistration: config["allow-address-registration"],
    lenientOptionParsing: config.compatibility["lenient-option-parsing"],
    prefixLengths: prefixLengthsOf(config, subnets),
  };
}

/** Those that `prefix-lengths` lists, else all that are delegated. */
function prefixLengthsOf(config: Dhcp6Config, subnets: SubnetIndex6): readonly number[] {
  const parameters = leaseQueryParameters(config, 6);
  if (parameters === undefined) return [];
  const lengths = new Set<number>(parameters["prefix-lengths"]);
  if (parameters["prefix-lengths"] === undefined) {
    for (const { pdPools } of subnets.all()) for (const { range } of pdPools) lengths.add(range.length);
  }
  return [...lengths].sort((a, b) => b - a);
}
