/** Turns a checked configuration into what the packet path looks at: inheritance resolved, options encoded, pools open. */
import { readU32 } from "../../base/big-endian.ts";
import type {
  Dhcp4Config,
  OptionDataConfig,
  Pool4Config,
  Reservation4Config,
  SharedNetwork4Config,
  Subnet4Config,
} from "../../config/dhcp4-config.ts";
import { parseIdentifier } from "../../config/host-identifier.ts";
import { inherit } from "../../config/inherit.ts";
import { orderSubnets4 } from "../../config/order-subnets.ts";
import { IDENTIFIER_TYPES4 } from "../../config/schema/dhcp4/reservation4.ts";
import { Option4 } from "../../dhcp4/message4.ts";
import { dhcp4Spaces } from "../../dhcp4/options/dhcp4-spaces.ts";
import { HostIndex } from "../../hosts/host-index.ts";
import type { Host4, HostIdentifierType4, HostIndex4 } from "../../hosts/host4.ts";
import { type Ipv4, parseIpv4, parseIpv4Prefix, parseIpv4Range } from "../../ip/ipv4.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { readIpv6Key } from "../../ip/ipv6-key.ts";
import type { LeaseStore4 } from "../../leases/model/lease-store4.ts";
import type { NameRules } from "../../names/name-rules.ts";
import { noOptions, type ScopeOptions } from "../../options/scope-options.ts";
import type { OptionStack } from "../options/option-stack.ts";
import { optionWire4 } from "../options/option-wire4.ts";
import { resolveNames, resolveParameters, type Scope4Config } from "../parameters.ts";
import { SubnetIndex4 } from "../select/subnet-index4.ts";
import type { Over6, Parameters4, Pool4, SharedNetwork4, Subnet4 } from "../subnet4.ts";
import { type Classes4, compileClasses4 } from "./compile-classes4.ts";
import { ScopeCompiler } from "./scope-compiler.ts";

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
}

/**
 * Compiles in steps of a subnet or a reservation.
 * The configuration has been checked; what is wrong in it now is our own fault.
 */
export function* compileSubnets4(config: Dhcp4Config, store: LeaseStore4): Generator<void, Scope4> {
  const scopes = new ScopeCompiler(config, dhcp4Spaces, optionWire4);
  const compiler = new Compiler(config, store, scopes, yield* compileClasses4(config, scopes));
  const networks = new Map<SharedNetwork4Config, SharedNetwork4>();
  for (const network of config["shared-networks"]) networks.set(network, { name: network.name, subnets: [] });
  for (const { subnet, network } of orderSubnets4(config)) {
    const compiled = network && networks.get(network)!;
    const made = yield* compiler.addSubnet(subnet, network, compiled);
    compiled?.subnets.push(made);
  }
  return yield* compiler.finish();
}

class Compiler {
  readonly #config: Dhcp4Config;
  readonly #store: LeaseStore4;
  readonly #scopes: ScopeCompiler;
  readonly #subnets = new SubnetIndex4();
  readonly #identifierTypes = new Set<HostIdentifierType4>();
  readonly #classes: Classes4;
  readonly #serverIds = new Set<Ipv4>();

  constructor(config: Dhcp4Config, store: LeaseStore4, scopes: ScopeCompiler, classes: Classes4) {
    this.#config = config;
    this.#store = store;
    this.#scopes = scopes;
    this.#classes = classes;
    for (const { "option-data": entries } of [config, ...config["client-classes"]]) this.#compileOptions(entries);
  }

  #compileOptions(entries: readonly OptionDataConfig[]): ScopeOptions {
    const options = this.#scopes.compileOptions(entries);
    if (options === noOptions) return options;
    for (const limit of ["", ...options.limits]) {
      const serverId = options.for(new Set([limit])).options.get(Option4.serverIdentifier)?.data;
      if (serverId !== undefined) this.#serverIds.add(readU32(serverId, 0));
    }
    return options;
  }

  #stack(scopes: readonly ScopeOptions[]): OptionStack {
    return this.#scopes.stack(scopes, this.#classes.profiles.plain);
  }

  *addSubnet(
    subnet: Subnet4Config,
    network: SharedNetwork4Config | undefined,
    compiledNetwork: SharedNetwork4 | undefined,
  ): Generator<void, Subnet4> {
    const own = network === undefined ? [subnet] : [subnet, network];
    const scopes = own.map((scope) => this.#compileOptions(scope["option-data"]));
    const around: readonly Scope4Config[] = [...own, this.#config];
    const parameters = this.#resolveParameters(around);
    const hosts = yield* this.#compileHosts(subnet.reservations);
    const excludesReserved = parameters.reservationsInSubnet && !parameters.reservationsOutOfPool;
    const reserved = excludesReserved ? [...hosts.addresses()].sort((a, b) => a - b) : [];
    const prefix = parseIpv4Prefix(subnet.subnet)!;
    const skipsEdges = prefix.length <= 24 && this.#config.compatibility["exclude-first-last-24"];
    const compiled: Subnet4 = {
      id: subnet.id,
      prefix,
      text: subnet.subnet,
      pools: subnet.pools
        .map((pool) => ({
          ...this.#openPool(pool, reserved, skipsEdges, scopes),
          names: this.#scopes.nameRules(resolveNames([pool, ...around])),
        }))
        .sort((a, b) => a.first - b.first),
      parameters,
      guards: own.map((scope) => scope["client-classes"]).filter((guard) => guard.length > 0),
      additionalClasses: own.flatMap((scope) => scope["evaluate-additional-classes"]),
      options: this.#stack(scopes),
      hosts,
      relays: relaysOf(subnet, network),
      interfaceName: subnet.interface ?? network?.interface ?? "",
      over6: over6Of(subnet),
      network: compiledNetwork,
    };
    this.#subnets.add(compiled);
    yield;
    return compiled;
  }

  /** @param skipsEdges whether the addresses that `edgesOf24` tells of are left out */
  #openPool(
    pool: Pool4Config,
    reserved: readonly Ipv4[],
    skipsEdges: boolean,
    scopes: readonly ScopeOptions[],
  ): Omit<Pool4, "names"> {
    const { first, last } = parseIpv4Range(pool.pool)!;
    const excluded = reserved.filter((address) => address >= first && address <= last);
    if (skipsEdges) excluded.push(...edgesOf24(first, last));
    const cursor = this.#store.openPool({ first, last, excluded });
    return {
      first,
      last,
      id: pool["pool-id"],
      guard: pool["client-classes"],
      additionalClasses: pool["evaluate-additional-classes"],
      options: this.#stack([this.#compileOptions(pool["option-data"]), ...scopes]),
      cursor,
    };
  }

  *#compileHosts(reservations: readonly Reservation4Config[]): Generator<void, HostIndex4> {
    const index = new HostIndex<HostIdentifierType4, Host4, Ipv4>();
    for (const reservation of reservations) {
      const host = this.#compileHost(reservation);
      this.#identifierTypes.add(host.identifierType);
      index.add(host, host.address === 0 ? [] : [host.address]);
      yield;
    }
    return index;
  }

  #compileHost(reservation: Reservation4Config): Host4 {
    const type = IDENTIFIER_TYPES4.find((candidate) => reservation[candidate] !== undefined)!;
    const address = reservation["ip-address"];
    const nextServer = reservation["next-server"];
    return {
      identifierType: type,
      identifier: parseIdentifier(reservation[type]!)!,
      address: address === undefined ? 0 : parseIpv4(address)!,
      hostname: reservation.hostname,
      nextServer: nextServer === undefined ? undefined : parseIpv4(nextServer),
      serverHostname: reservation["server-hostname"],
      bootFileName: reservation["boot-file-name"],
      options: this.#compileOptions(reservation["option-data"]),
      classes: reservation["client-classes"],
    };
  }

  #resolveParameters(scopes: readonly Scope4Config[]): Parameters4 {
    return {
      ...resolveParameters(scopes, this.#scopes),
      matchClientId: inherit(scopes, "match-client-id")!,
      authoritative: inherit(scopes, "authoritative")!,
      nextServer: parseIpv4(inherit(scopes, "next-server")!) ?? 0,
      serverHostname: inherit(scopes, "server-hostname")!,
      bootFileName: inherit(scopes, "boot-file-name")!,
      allocator: inherit(scopes, "allocator")!,
      offerLifetime: inherit(scopes, "offer-lifetime") ?? 0,
    };
  }

  *finish(): Generator<void, Scope4> {
    const globalNames = this.#scopes.nameRules(resolveNames([this.#config]));
    const globalHosts = yield* this.#compileHosts(this.#config.reservations);
    return {
      subnets: this.#subnets,
      globalNames,
      globalHosts,
      identifierTypes: this.#config["host-reservation-identifiers"].filter((type) => this.#identifierTypes.has(type)),
      serverIds: this.#serverIds,
      globalOptions: this.#stack([]),
      classes: this.#classes,
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
