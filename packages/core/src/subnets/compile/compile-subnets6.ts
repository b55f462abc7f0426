/** Turns a checked DHCPv6 configuration into what the packet path looks at; as `compile-subnets4.ts`. */
import { readReservation } from "../../config/check/read-reservation.ts";
import { reservationRules6 } from "../../config/dhcp6/reservation-rules6.ts";
import type {
  Dhcp6Config,
  PdPoolConfig,
  Pool6Config,
  Reservation6Config,
  SharedNetwork6Config,
  Subnet6Config,
} from "../../config/dhcp6-config.ts";
import { inherit } from "../../config/inherit.ts";
import { orderSubnets6 } from "../../config/order-subnets.ts";
import { pdRoutesOf } from "../../config/pd-routes6.ts";
import { reconfiguresOf } from "../../config/reconfigures6.ts";
import { dhcp6Spaces } from "../../dhcp6/options/dhcp6-spaces.ts";
import type { ReservationMaker } from "../../hosts/database/host-source.ts";
import { HostIndex } from "../../hosts/model/host-index.ts";
import {
  type Host6,
  type HostIdentifierType6,
  type HostIndex6,
  type ReservedLease6,
  reservedKeys6,
} from "../../hosts/model/host6.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { type Ipv6Key, parseIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import { dividePrefix, type Ipv6Range, isInRange, parseIpv6Range } from "../../ip/ipv6-range.ts";
import type { LeaseStore6 } from "../../leases/model/lease-store6.ts";
import { LeaseType6 } from "../../leases/model/lease6.ts";
import type { NameRules } from "../../names/name-rules.ts";
import { nameScope, noOptions, type ScopeOptions } from "../../options/scope-options.ts";
import type { OptionStack } from "../options/option-stack.ts";
import { optionWire6 } from "../options/option-wire6.ts";
import { resolveNames, resolveParameters, resolvePoolNames, type Scope6Config } from "../parameters.ts";
import { scarcityOf } from "../scarcity.ts";
import { SubnetIndex6, type SubnetWays6 } from "../select/subnet-index6.ts";
import type { Parameters6, Pool6, SharedNetwork6, Subnet6 } from "../subnet6.ts";
import { type Classes6, compileClasses6 } from "./compile-classes6.ts";
import { compileHost6 } from "./compile-host6.ts";
import { differInSubnetsOnly, MadeSubnets } from "./made-subnets.ts";
import { lifetimeOf, ScopeCompiler } from "./scope-compiler.ts";
import { SharedParameters } from "./shared-parameters.ts";

export interface Scope6 {
  readonly subnets: SubnetIndex6;
  readonly globalHosts: HostIndex6;
  /** Kea's order of looking identifiers up, without those that no reservation uses. */
  readonly identifierTypes: readonly HostIdentifierType6[];
  /** Options of the global scope alone, for clients without a subnet. */
  readonly globalOptions: OptionStack;
  readonly classes: Classes6;
  /** For leases of subnets that are gone. */
  readonly globalNames: NameRules;
  readonly reservations: ReservationMaker<Reservation6Config, Host6>;
  /** As that of `Scope4`. */
  readonly compiler: SubnetCompiler6;
}

/** As `compileSubnets4`. */
export function* compileSubnets6(config: Dhcp6Config, store: PoolOpener6, former?: Scope6): Generator<void, Scope6> {
  if (former?.compiler.isFor(config) === true) {
    // That has looked at every key.
    yield;
    return yield* former.compiler.compile(config);
  }
  const scopes = new ScopeCompiler(config, dhcp6Spaces, optionWire6);
  const compiler = new SubnetCompiler6(config, store, scopes, yield* compileClasses6(config, scopes));
  yield* compiler.compileGlobalHosts();
  return yield* compiler.compile(config);
}

type PoolOpener6 = Pick<LeaseStore6, "openPool">;

/** A subnet, and the ways to it. */
interface Made6 {
  readonly subnet: Subnet6;
  readonly ways: SubnetWays6;
}

/** Where pools of a subnet stand: options of all scopes around them, and what is set aside. */
interface PoolSurroundings {
  readonly scopes: readonly ScopeOptions[];
  /** Of the subnet: those of a pool that has none of its own, too. */
  readonly options: OptionStack;
  readonly reserved: readonly ReservedLease6[];
  readonly pdRoutes: boolean;
  readonly names: NameRules;
}

interface Reserved6 {
  readonly hosts: HostIndex6;
  readonly reserved: readonly ReservedLease6[];
}

/** Of ten thousand subnets most have none. */
const NONE: Reserved6 = { hosts: new HostIndex(), reserved: [] };

export class SubnetCompiler6 {
  readonly #config: Dhcp6Config;
  readonly #store: PoolOpener6;
  readonly #scopes: ScopeCompiler;
  readonly #made = new MadeSubnets<Subnet6Config, SharedNetwork6Config, Subnet6, Made6>();
  readonly #parameters = new SharedParameters<Parameters6>();
  /** Of all that it has made: one that is used no more costs a look-up. */
  readonly #identifierTypes = new Set<HostIdentifierType6>();
  readonly #classes: Classes6;
  #globalHosts = NONE.hosts;

  constructor(config: Dhcp6Config, store: PoolOpener6, scopes: ScopeCompiler, classes: Classes6) {
    this.#config = config;
    this.#store = store;
    this.#scopes = scopes;
    this.#classes = classes;
  }

  /** Whether what it has made holds in another configuration, too. */
  isFor(config: Dhcp6Config): boolean {
    return differInSubnetsOnly(this.#config, config);
  }

  *compileGlobalHosts(): Generator<void> {
    this.#globalHosts = (yield* this.#compileHosts(this.#config.reservations)).hosts;
  }

  *compile(config: Dhcp6Config): Generator<void, Scope6> {
    const subnets = new SubnetIndex6();
    yield* this.#made.make(
      orderSubnets6(config),
      (...place) => this.#compileSubnet(...place),
      ({ subnet, ways }) => subnets.add(subnet, ways),
    );
    return {
      subnets,
      globalNames: this.#scopes.nameRules(resolveNames([this.#config])),
      globalHosts: this.#globalHosts,
      identifierTypes: this.#config["host-reservation-identifiers"].filter((type) => this.#identifierTypes.has(type)),
      globalOptions: this.#stack([]),
      classes: this.#classes,
      reservations: {
        read: (document) => readReservation(reservationRules6, document, this.#scopes.spaces),
        compile: (reservation) =>
          compileHost6(reservation, (entries) => this.#scopes.compileOptions("reservation", entries)),
      },
      compiler: this,
    };
  }

  #stack(scopes: readonly ScopeOptions[]): OptionStack {
    return this.#scopes.stack(scopes, this.#classes.profiles.plain);
  }

  *#compileSubnet(
    subnet: Subnet6Config,
    network: SharedNetwork6Config | undefined,
    compiledNetwork: SharedNetwork6 | undefined,
  ): Generator<void, Made6> {
    const wider = network === undefined ? [subnet] : [subnet, network];
    const scopes = wider.map((scope) => this.#scopes.compileOptions(nameScope(scope), scope["option-data"]));
    const around: readonly Scope6Config[] = [...wider, this.#config];
    const parameters = this.#parameters.of(subnet, network, () => this.#resolveParameters(around, subnet, network));
    const { hosts, reserved } =
      subnet.reservations.length === 0 ? NONE : yield* this.#compileHosts(subnet.reservations);
    const excludesReserved = parameters.reservationsInSubnet && !parameters.reservationsOutOfPool;
    const prefix = parseIpv6Prefix(subnet.subnet)!;
    const options = this.#stack(scopes);
    const surroundings = {
      scopes,
      options,
      reserved: excludesReserved ? reserved : [],
      pdRoutes: parameters.pdRoutes,
      names: parameters.names,
    };
    const compiled: Subnet6 = {
      id: subnet.id,
      prefix: readIpv6Key(prefix.address),
      prefixLength: prefix.length,
      text: subnet.subnet,
      pools: subnet.pools
        .map((pool) =>
          this.#openPool(pool, surroundings, resolvePoolNames(pool, around, parameters.names, this.#scopes)),
        )
        .sort(compareFirst),
      pdPools: subnet["pd-pools"].map((pool) => this.#openPdPool(pool, surroundings)).sort(compareFirst),
      parameters,
      guards: wider.map((scope) => scope["client-classes"]).filter((guard) => guard.length > 0),
      additionalClasses: wider.flatMap((scope) => scope["evaluate-additional-classes"]),
      options,
      hosts,
      network: compiledNetwork,
    };
    const ways = {
      relays: relaysOf(subnet, network),
      interfaceName: subnet.interface ?? network?.interface ?? "",
      interfaceId: subnet["interface-id"] ?? network?.["interface-id"] ?? "",
    };
    return { subnet: compiled, ways };
  }

  #openPool(pool: Pool6Config, around: PoolSurroundings, names: NameRules): Pool6 {
    return this.#open(LeaseType6.address, parseIpv6Range(pool.pool)!, pool, undefined, { ...around, names });
  }

  #openPdPool(pool: PdPoolConfig, around: PoolSurroundings): Pool6 {
    const range = dividePrefix(parseIpv6Key(pool.prefix)!, pool["prefix-len"], pool["delegated-len"]);
    const excluded = pool["excluded-prefix"];
    const length = pool["excluded-prefix-len"] ?? 0;
    // Unset, `::` and length 0 all say that nothing is excluded.
    const excludedPrefix =
      excluded === undefined || length === 0 ? undefined : { address: parseIpv6Key(excluded)!, length };
    const pdRoutes = pdRoutesOf(pool) ?? around.pdRoutes;
    return this.#open(LeaseType6.prefix, range, pool, excludedPrefix, { ...around, pdRoutes });
  }

  #open(
    type: LeaseType6,
    range: Ipv6Range,
    pool: Pool6Config | PdPoolConfig,
    excludedPrefix: Pool6["excludedPrefix"],
    { scopes, options, reserved, pdRoutes, names }: PoolSurroundings,
  ): Pool6 {
    const excluded = reserved
      .filter((lease) => lease.type === type && lease.length === range.length && isInRange(range, lease.address))
      .map(({ address }) => address)
      .sort();
    const ownOptions = this.#scopes.compileOptions(
      `pool ${"pool" in pool ? pool.pool : pool.prefix}`,
      pool["option-data"],
    );
    return {
      type,
      range,
      id: pool["pool-id"],
      excludedPrefix,
      pdRoutes,
      names,
      ownOptions,
      options: ownOptions === noOptions ? options : this.#stack([ownOptions, ...scopes]),
      guard: pool["client-classes"],
      additionalClasses: pool["evaluate-additional-classes"],
      cursor: this.#store.openPool({ type, range, excluded }),
    };
  }

  *#compileHosts(reservations: readonly Reservation6Config[]): Generator<void, Reserved6> {
    const hosts = new HostIndex<HostIdentifierType6, Host6, string>();
    const reserved: ReservedLease6[] = [];
    for (const reservation of reservations) {
      const host = compileHost6(reservation, (entries) => this.#scopes.compileOptions("reservation", entries));
      this.#identifierTypes.add(host.identifierType);
      hosts.add(host, reservedKeys6(host));
      reserved.push(...host.leases);
      yield;
    }
    return { hosts, reserved };
  }

  #resolveParameters(
    scopes: readonly Scope6Config[],
    subnet: Subnet6Config,
    network: SharedNetwork6Config | undefined,
  ): Parameters6 {
    const pdAllocator = inherit(scopes, "pd-allocator")!;
    return {
      // 0 where none is configured: a share of what the client gets as valid lifetime.
      preferredLifetime: lifetimeOf(
        inherit(scopes, "preferred-lifetime") ?? 0,
        inherit(scopes, "min-preferred-lifetime"),
        inherit(scopes, "max-preferred-lifetime"),
      ),
      rapidCommit: network?.["rapid-commit"] ?? subnet["rapid-commit"] ?? false,
      allocator: inherit(scopes, "allocator")!,
      pdAllocator,
      scarcity: scarcityOf(scopes, pdAllocator, subnet.id, LeaseType6.prefix),
      pdRoutes: scopes.map(pdRoutesOf).find((asked) => asked !== undefined) ?? false,
      reconfigures: scopes.map(reconfiguresOf).find((asked) => asked !== undefined) ?? false,
      ...resolveParameters(scopes, this.#scopes),
    };
  }
}

/** As in Kea, the relays of a shared network are not those of a subnet that names its own. */
function relaysOf(subnet: Subnet6Config, network: SharedNetwork6Config | undefined): Ipv6Key[] {
  const scope = [subnet, network].find((each) => each?.relay?.["ip-addresses"].length);
  return (scope?.relay?.["ip-addresses"] ?? []).map((text) => parseIpv6Key(text)!);
}

function compareFirst({ range: a }: Pool6, { range: b }: Pool6): number {
  if (a.first === b.first) return 0;
  return a.first < b.first ? -1 : 1;
}
