/** Turns a checked configuration into what the packet path looks at: inheritance resolved, options encoded, pools open. */
import { readU32 } from "../../base/big-endian.ts";
import { readReservation } from "../../config/check/read-reservation.ts";
import { reservationRules4 } from "../../config/dhcp4/reservation-rules4.ts";
import type {
  Dhcp4Config,
  OptionDataConfig,
  Pool4Config,
  Reservation4Config,
  SharedNetwork4Config,
  Subnet4Config,
} from "../../config/dhcp4-config.ts";
import { inherit } from "../../config/inherit.ts";
import { authenticatesOf, forcesRenewalOf } from "../../config/kotare4.ts";
import { orderSubnets4 } from "../../config/order-subnets.ts";
import { Option4 } from "../../dhcp4/message4.ts";
import { dhcp4Spaces } from "../../dhcp4/options/dhcp4-spaces.ts";
import type { ReservationMaker } from "../../hosts/database/host-source.ts";
import { HostIndex } from "../../hosts/model/host-index.ts";
import { type Host4, type HostIdentifierType4, type HostIndex4, reservedKeys4 } from "../../hosts/model/host4.ts";
import { type Ipv4, parseIpv4, parseIpv4Prefix, parseIpv4Range } from "../../ip/ipv4.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { readIpv6Key } from "../../ip/ipv6-key.ts";
import type { LeaseStore4 } from "../../leases/model/lease-store4.ts";
import { LeaseType6 } from "../../leases/model/lease6.ts";
import type { NameRules } from "../../names/name-rules.ts";
import { nameScope, noOptions, type ScopeOptions } from "../../options/scope-options.ts";
import type { OptionStack } from "../options/option-stack.ts";
import { optionWire4 } from "../options/option-wire4.ts";
import { resolveNames, resolveParameters, resolvePoolNames, type Scope4Config } from "../parameters.ts";
import { scarcityOf } from "../scarcity.ts";
import { SubnetIndex4 } from "../select/subnet-index4.ts";
import type { Over6, Parameters4, Pool4, SharedNetwork4, Subnet4 } from "../subnet4.ts";
import { type Classes4, compileClasses4 } from "./compile-classes4.ts";
import { compileHost4 } from "./compile-host4.ts";
import { differInSubnetsOnly, MadeSubnets } from "./made-subnets.ts";
import { ScopeCompiler } from "./scope-compiler.ts";
import { SharedParameters } from "./shared-parameters.ts";

export interface Scope4 {
  readonly subnets: SubnetIndex4;
  readonly globalHosts: HostIndex4;
  /** Kea's order of looking identifiers up, without those that no reservation uses. */
  readonly identifierTypes: readonly HostIdentifierType4[];
  /** Every server identifier that option-data configures anywhere (option 54). */
  readonly serverIds: ReadonlySet<Ipv4>;
  /** Options of the global scope alone. */
  readonly globalOptions: OptionStack;
  readonly classes: Classes4;
  /** For leases of subnets that are gone. */
  readonly globalNames: NameRules;
  /** For reservations that are not in the configuration. */
  readonly reservations: ReservationMaker<Reservation4Config, Host4>;
  /** Knows what it has made, for the next configuration. */
  readonly compiler: SubnetCompiler4;
}

/**
 * Compiles in steps of a subnet or a reservation.
 * The configuration has been checked; what is wrong in it now is our own fault.
 * @param former of the configuration before: subnets that are in it, too, are taken over where all around them is the same
 */
export function* compileSubnets4(config: Dhcp4Config, store: PoolOpener4, former?: Scope4): Generator<void, Scope4> {
  if (former?.compiler.isFor(config) === true) {
    // That has looked at every key.
    yield;
    return yield* former.compiler.compile(config);
  }
  const scopes = new ScopeCompiler(config, dhcp4Spaces, optionWire4);
  const compiler = new SubnetCompiler4(config, store, scopes, yield* compileClasses4(config, scopes));
  yield* compiler.compileGlobalHosts();
  return yield* compiler.compile(config);
}

type PoolOpener4 = Pick<LeaseStore4, "openPool">;

/** A subnet, and what it adds to the whole. */
interface Made4 {
  readonly subnet: Subnet4;
  readonly serverIds: ReadonlySet<Ipv4>;
}

/** Of ten thousand subnets most have none of their own. */
const NONE: ReadonlySet<Ipv4> = new Set();
const NO_HOSTS: HostIndex4 = new HostIndex();

/** What the pools and reservations of a subnet have around them. */
interface Surroundings {
  readonly scopes: readonly ScopeOptions[];
  /** Of the subnet: those of a pool that has none of its own, too. */
  readonly options: OptionStack;
  /** Addresses that no pool gives to others. */
  readonly reserved: readonly Ipv4[];
  /** Whether the addresses that `edgesOf24` tells of are left out. */
  readonly skipsEdges: boolean;
  /** Those found so far. */
  readonly serverIds: Set<Ipv4>;
}

export class SubnetCompiler4 {
  readonly #config: Dhcp4Config;
  readonly #store: PoolOpener4;
  readonly #scopes: ScopeCompiler;
  readonly #made = new MadeSubnets<Subnet4Config, SharedNetwork4Config, Subnet4, Made4>();
  readonly #parameters = new SharedParameters<Parameters4>();
  /** Of all that it has made: one that is used no more costs a look-up. */
  readonly #identifierTypes = new Set<HostIdentifierType4>();
  readonly #classes: Classes4;
  /** Of the global scope. */
  readonly #serverIds = new Set<Ipv4>();
  #globalHosts = NO_HOSTS;

  constructor(config: Dhcp4Config, store: PoolOpener4, scopes: ScopeCompiler, classes: Classes4) {
    this.#config = config;
    this.#store = store;
    this.#scopes = scopes;
    this.#classes = classes;
    for (const { "option-data": entries } of [config, ...config["client-classes"]]) {
      this.#compileOptions("", entries, this.#serverIds);
    }
  }

  /** Whether what it has made holds in another configuration, too. */
  isFor(config: Dhcp4Config): boolean {
    return differInSubnetsOnly(this.#config, config);
  }

  *compileGlobalHosts(): Generator<void> {
    this.#globalHosts = yield* this.#compileHosts(this.#config.reservations, this.#serverIds);
  }

  *compile(config: Dhcp4Config): Generator<void, Scope4> {
    const subnets = new SubnetIndex4();
    const serverIds = new Set(this.#serverIds);
    yield* this.#made.make(
      orderSubnets4(config),
      (...place) => this.#compileSubnet(...place),
      ({ subnet, serverIds: own }) => {
        subnets.add(subnet);
        if (own.size > 0) for (const id of own) serverIds.add(id);
      },
    );
    return {
      subnets,
      serverIds,
      globalNames: this.#scopes.nameRules(resolveNames([this.#config])),
      globalHosts: this.#globalHosts,
      identifierTypes: this.#config["host-reservation-identifiers"].filter((type) => this.#identifierTypes.has(type)),
      globalOptions: this.#stack([]),
      classes: this.#classes,
      reservations: {
        read: (document) => readReservation(reservationRules4, document, this.#scopes.spaces),
        compile: (reservation) =>
          compileHost4(reservation, (entries) => this.#compileOptions("reservation", entries, serverIds)),
      },
      compiler: this,
    };
  }

  #compileOptions(name: string, entries: readonly OptionDataConfig[], serverIds: Set<Ipv4>): ScopeOptions {
    const options = this.#scopes.compileOptions(name, entries);
    if (options === noOptions) return options;
    for (const limit of ["", ...options.limits]) {
      const serverId = options.for(new Set([limit])).options.get(Option4.serverIdentifier)?.data;
      if (serverId !== undefined) serverIds.add(readU32(serverId, 0));
    }
    return options;
  }

  #stack(scopes: readonly ScopeOptions[]): OptionStack {
    return this.#scopes.stack(scopes, this.#classes.profiles.plain);
  }

  *#compileSubnet(
    subnet: Subnet4Config,
    network: SharedNetwork4Config | undefined,
    compiledNetwork: SharedNetwork4 | undefined,
  ): Generator<void, Made4> {
    const serverIds = new Set<Ipv4>();
    const own = network === undefined ? [subnet] : [subnet, network];
    const scopes = own.map((scope) => this.#compileOptions(nameScope(scope), scope["option-data"], serverIds));
    const around: readonly Scope4Config[] = [...own, this.#config];
    const parameters = this.#parameters.of(subnet, network, () => this.#resolveParameters(around, subnet.id));
    const isReserved = subnet.reservations.length > 0;
    const hosts = isReserved ? yield* this.#compileHosts(subnet.reservations, serverIds) : NO_HOSTS;
    const excludesReserved = parameters.reservationsInSubnet && !parameters.reservationsOutOfPool;
    const reserved = excludesReserved && isReserved ? [...hosts.addresses()].sort((a, b) => a - b) : [];
    const prefix = parseIpv4Prefix(subnet.subnet)!;
    const skipsEdges = prefix.length <= 24 && this.#config.compatibility["exclude-first-last-24"];
    const options = this.#stack(scopes);
    const surroundings: Surroundings = { scopes, options, reserved, skipsEdges, serverIds };
    const compiled: Subnet4 = {
      id: subnet.id,
      prefix,
      text: subnet.subnet,
      pools: subnet.pools
        .map((pool) =>
          this.#openPool(pool, surroundings, resolvePoolNames(pool, around, parameters.names, this.#scopes)),
        )
        .sort((a, b) => a.first - b.first),
      parameters,
      guards: own.map((scope) => scope["client-classes"]).filter((guard) => guard.length > 0),
      additionalClasses: own.flatMap((scope) => scope["evaluate-additional-classes"]),
      options,
      hosts,
      relays: relaysOf(subnet, network),
      interfaceName: subnet.interface ?? network?.interface ?? "",
      over6: over6Of(subnet),
      network: compiledNetwork,
    };
    return { subnet: compiled, serverIds: serverIds.size === 0 ? NONE : serverIds };
  }

  #openPool(pool: Pool4Config, around: Surroundings, names: NameRules): Pool4 {
    const { scopes, reserved, skipsEdges, serverIds } = around;
    const { first, last } = parseIpv4Range(pool.pool)!;
    const excluded = reserved.filter((address) => address >= first && address <= last);
    if (skipsEdges) excluded.push(...edgesOf24(first, last));
    const own = this.#compileOptions(`pool ${pool.pool}`, pool["option-data"], serverIds);
    const cursor = this.#store.openPool({ first, last, excluded });
    return {
      first,
      last,
      id: pool["pool-id"],
      guard: pool["client-classes"],
      additionalClasses: pool["evaluate-additional-classes"],
      options: own === noOptions ? around.options : this.#stack([own, ...scopes]),
      names,
      cursor,
    };
  }

  *#compileHosts(reservations: readonly Reservation4Config[], serverIds: Set<Ipv4>): Generator<void, HostIndex4> {
    const index = new HostIndex<HostIdentifierType4, Host4, Ipv4>();
    for (const reservation of reservations) {
      const host = compileHost4(reservation, (entries) => this.#compileOptions("reservation", entries, serverIds));
      this.#identifierTypes.add(host.identifierType);
      index.add(host, reservedKeys4(host));
      yield;
    }
    return index;
  }

  #resolveParameters(scopes: readonly Scope4Config[], subnetId: number): Parameters4 {
    const allocator = inherit(scopes, "allocator")!;
    return {
      matchClientId: inherit(scopes, "match-client-id")!,
      authoritative: inherit(scopes, "authoritative")!,
      nextServer: parseIpv4(inherit(scopes, "next-server")!) ?? 0,
      serverHostname: inherit(scopes, "server-hostname")!,
      bootFileName: inherit(scopes, "boot-file-name")!,
      allocator,
      scarcity: scarcityOf(scopes, allocator, subnetId, LeaseType6.address),
      offerLifetime: inherit(scopes, "offer-lifetime") ?? 0,
      forcesRenewal: scopes.map(forcesRenewalOf).find((asked) => asked !== undefined) ?? false,
      authenticates: scopes.map(authenticatesOf).find((asked) => asked !== undefined) ?? false,
      ...resolveParameters(scopes, this.#scopes),
    };
  }
}

/** As in Kea, the relays of a shared network are not those of a subnet that names its own. */
function relaysOf(subnet: Subnet4Config, network: SharedNetwork4Config | undefined): Ipv4[] {
  const scope = [subnet, network].find((each) => each?.relay?.["ip-addresses"].length);
  return (scope?.relay?.["ip-addresses"] ?? []).map((text) => parseIpv4(text)!);
}

/** Kea's `exclude-first-last-24`: addresses that end in .0 and .255, which some devices cannot bear. */
function* edgesOf24(first: Ipv4, last: Ipv4): Generator<Ipv4> {
  for (let block = first & ~255; block >>> 0 <= last; block += 256) {
    for (const edge of [block >>> 0, (block | 255) >>> 0]) if (edge >= first && edge <= last) yield edge;
  }
}

function over6Of(subnet: Subnet4Config): Over6 | undefined {
  const { "4o6-subnet": text, "4o6-interface-id": interfaceId, "4o6-interface": interfaceName } = subnet;
  if (text === "" && interfaceId === "" && interfaceName === "") return undefined;
  const prefix = parseIpv6Prefix(text);
  return { prefix: prefix && { ...prefix, address: readIpv6Key(prefix.address) }, interfaceId, interfaceName };
}
