/** What is checked in the same way in both families: the global scope, shared networks, and subnets with their pools. */
import type { OptionSpaces } from "../../options/option-spaces.ts";
import type { Dhcp4Config, OptionDataConfig } from "../dhcp4-config.ts";
import type { Dhcp6Config } from "../dhcp6-config.ts";
import type { Pointer } from "../fault.ts";
import type { IdentifierType } from "../schema/reservation4.ts";
import type { AddressText, PrefixSpan } from "./address-text.ts";
import { checkControlSockets } from "./check-control-sockets.ts";
import { checkHooks } from "./check-hooks.ts";
import { checkNoneTwice, type Identified, IdentifierChecker } from "./check-identifiers.ts";
import { checkInterfaces } from "./check-interfaces.ts";
import { checkLifetimes, type TimedScope } from "./check-lifetimes.ts";
import { checkLoggers } from "./check-loggers.ts";
import { checkNaming, checkNetworkName, type NamingScope } from "./check-names.ts";
import { checkOneInterface, type Linked } from "./check-network.ts";
import { OptionChecker } from "./check-options.ts";
import { checkOverlaps, checkPools, type PlacedSpan } from "./check-pools.ts";
import { checkRelay, type Relayed, SubnetChecker } from "./check-subnet.ts";
import type { Report } from "./report.ts";

/** What the families do differently in all scopes. */
export interface ScopeFamily<Address extends number | string, Reservation extends Reserved> {
  readonly text: AddressText<Address>;
  readonly logger: "dhcp4" | "dhcp6";
  readonly spaces: OptionSpaces;
  readonly identifiers: readonly IdentifierType[];
  /**
   * What the reservations of one list set aside; their identifiers and options are checked already.
   * @param prefix of the subnet; `undefined` for global ones
   */
  checkReserved(reservations: readonly Reservation[], prefix: PrefixSpan<Address> | undefined, pointer: Pointer): void;
}

interface WithOptions {
  readonly "option-data": readonly OptionDataConfig[];
}

type Reserved = WithOptions & Identified;

type Scope = WithOptions & TimedScope & NamingScope;

interface Network extends Scope, Relayed, Linked {
  readonly name: string;
}

interface Subnet<Reservation> extends Scope, Relayed {
  readonly id: number;
  readonly subnet: string;
  readonly pools: readonly (WithOptions & NamingScope & { readonly pool: string })[];
  readonly reservations: readonly Reservation[];
}

export class ScopeChecker<Address extends number | string, Reservation extends Reserved> {
  readonly options: OptionChecker;
  readonly #family: ScopeFamily<Address, Reservation>;
  readonly #config: Scope;
  readonly #report: Report;
  readonly #subnets: SubnetChecker<Address>;
  readonly #identifiers: IdentifierChecker;
  readonly #networks = new Set<string>();

  /** Checks the global scope. */
  constructor(
    family: ScopeFamily<Address, Reservation>,
    config: (Dhcp4Config | Dhcp6Config) & { readonly reservations: readonly Reservation[] },
    root: Pointer,
    report: Report,
  ) {
    this.#family = family;
    this.#config = config;
    this.#report = report;
    this.#subnets = new SubnetChecker(family.text, report);
    this.#identifiers = new IdentifierChecker(family.identifiers, report);
    this.options = new OptionChecker(family.spaces, config["option-def"], [...root, "option-def"], report);
    checkInterfaces(family.text, config["interfaces-config"].interfaces, [...root, "interfaces-config"], report);
    checkControlSockets(config, root, report);
    checkHooks(config, root, report);
    checkLoggers(config.loggers, family.logger, [...root, "loggers"], report);
    checkNoneTwice(config["host-reservation-identifiers"], [...root, "host-reservation-identifiers"], report);
    this.#checkScope(config, [], root);
    this.#checkReservations(config.reservations, undefined, root);
  }

  /** @param key of the list of subnets */
  checkNetwork(network: Network, key: string, subnets: readonly Linked[], pointer: Pointer): void {
    checkNetworkName(network.name, this.#networks, pointer, this.#report);
    checkRelay(this.#family.text, network, pointer, this.#report);
    checkOneInterface(network, subnets, [...pointer, key], this.#report);
    this.#checkScope(network, [this.#config], pointer);
  }

  /** @param otherPools that must not overlap with those of the subnet */
  checkSubnet(
    subnet: Subnet<Reservation>,
    network: Network | undefined,
    pointer: Pointer,
    otherPools: readonly PlacedSpan<Address>[] = [],
  ): void {
    const { text } = this.#family;
    const prefix = this.#subnets.check(subnet, pointer);
    checkRelay(text, subnet, pointer, this.#report);
    this.#checkScope(subnet, network === undefined ? [this.#config] : [network, this.#config], pointer);
    const at: Pointer = [...pointer, "pools"];
    subnet.pools.forEach((pool, i) => {
      this.options.check(pool["option-data"], [...at, i]);
      checkNaming(pool, [...at, i], this.#report);
    });
    const pools = prefix === undefined ? [] : checkPools(text, subnet.pools, prefix, at, this.#report);
    checkOverlaps(text, [...pools, ...otherPools], this.#report);
    this.#checkReservations(subnet.reservations, prefix, pointer);
  }

  /** @param wider scopes that it inherits from, the global one last */
  #checkScope(scope: Scope, wider: readonly Scope[], pointer: Pointer): void {
    checkNaming(scope, pointer, this.#report);
    checkLifetimes([scope, ...wider], pointer, this.#report);
    this.options.check(scope["option-data"], pointer);
  }

  #checkReservations(
    reservations: readonly Reservation[],
    prefix: PrefixSpan<Address> | undefined,
    pointer: Pointer,
  ): void {
    const at: Pointer = [...pointer, "reservations"];
    this.#identifiers.check(reservations, at);
    reservations.forEach((reservation, i) => {
      if (reservation["option-data"].length > 0) this.options.check(reservation["option-data"], [...at, i]);
    });
    this.#family.checkReserved(reservations, prefix, at);
  }
}
