/** What is checked in the same way in both families: the global scope, shared networks, and subnets with their pools. */
import type { OptionSpaces } from "../../options/option-spaces.ts";
import type { Dhcp4Config, OptionDataConfig } from "../dhcp4-config.ts";
import type { Dhcp6Config } from "../dhcp6-config.ts";
import type { Pointer } from "../fault.ts";
import type { IdentifierType4 } from "../host-identifier.ts";
import type { AddressText, PrefixSpan } from "./address-text.ts";
import { likeOf } from "./alike.ts";
import { type CheckedClass, type CompileTests, checkClasses } from "./check-classes.ts";
import { checkControlSockets } from "./check-control-sockets.ts";
import { checkNoneTwice, type Identified, IdentifierChecker } from "./check-identifiers.ts";
import { checkInterfaces } from "./check-interfaces.ts";
import { checkLifetimes, type TimedScope } from "./check-lifetimes.ts";
import { checkLoggers } from "./check-loggers.ts";
import { checkNaming, checkNetworkName, type NamingScope } from "./check-names.ts";
import { checkOneInterface, type Linked } from "./check-network.ts";
import { OptionChecker } from "./check-options.ts";
import { checkOverlaps, checkPools, type PointedSpan } from "./check-pools.ts";
import { checkRelay, type Relayed, SubnetChecker } from "./check-subnet.ts";
import { ClassNames } from "./class-names.ts";
import type { Report } from "./report.ts";

/** What the families do differently in all scopes. */
export interface ScopeFamily<Address extends number | string, Reservation extends Reserved> {
  readonly text: AddressText<Address>;
  readonly logger: "dhcp4" | "dhcp6";
  readonly spaces: OptionSpaces;
  readonly identifiers: readonly IdentifierType4[];
  readonly compileTests: CompileTests;
  /**
   * What the reservations of one list set aside; their identifiers and options are checked already.
   * @param prefix of the subnet; `undefined` for global ones
   */
  checkReserved(reservations: readonly Reservation[], prefix: PrefixSpan<Address> | undefined, pointer: Pointer): void;
}

interface WithOptions {
  readonly "option-data": readonly OptionDataConfig[];
}

interface Guards {
  readonly "client-classes": readonly string[];
  readonly "evaluate-additional-classes": readonly string[];
}

type Reserved = WithOptions & Identified & Pick<Guards, "client-classes">;

type Scope = WithOptions & TimedScope & NamingScope;

interface Network extends Scope, Guards, Relayed, Linked {
  readonly name: string;
}

interface Subnet<Reservation> extends Scope, Guards, Relayed {
  readonly id: number;
  readonly subnet: string;
  readonly pools: readonly (WithOptions & Guards & NamingScope & { readonly pool: string })[];
  readonly reservations: readonly Reservation[];
}

export class ScopeChecker<Address extends number | string, Reservation extends Reserved> {
  readonly options: OptionChecker;
  readonly classes: ClassNames;
  readonly #family: ScopeFamily<Address, Reservation>;
  readonly #config: Scope;
  readonly #report: Report;
  readonly #subnets: SubnetChecker<Address>;
  readonly #identifiers: IdentifierChecker;
  readonly #networks = new Set<string>();
  /** What nothing was wrong in, by `likeOf`, and the scope around it. */
  readonly #sound = new Map<object, object>();
  #faults = 0;

  /** Checks the global scope. */
  constructor(
    family: ScopeFamily<Address, Reservation>,
    config: (Dhcp4Config | Dhcp6Config) & {
      readonly reservations: readonly Reservation[];
      readonly "client-classes": readonly CheckedClass[];
    },
    root: Pointer,
    tell: Report,
  ) {
    const report: Report = (fault) => {
      this.#faults += 1;
      tell(fault);
    };
    this.#family = family;
    this.#config = config;
    this.#report = report;
    this.#subnets = new SubnetChecker(family.text, report);
    this.#identifiers = new IdentifierChecker(family.identifiers, mayComputeFlexId(config), report);
    this.classes = new ClassNames(config["client-classes"], report);
    this.options = new OptionChecker(
      family.spaces,
      config["option-def"],
      [...root, "option-def"],
      this.classes,
      report,
    );
    checkInterfaces(family.text, config["interfaces-config"].interfaces, [...root, "interfaces-config"], report);
    checkControlSockets(config, root, report);
    checkLoggers(config.loggers, family.logger, [...root, "loggers"], report);
    checkNoneTwice(config["host-reservation-identifiers"], [...root, "host-reservation-identifiers"], report);
    this.#checkScope(config, [], root);
    checkClasses(config["client-classes"], family.compileTests, this.options, [...root, "client-classes"], report);
    this.#checkReservations(config.reservations, undefined, root);
  }

  /** @param key of the list of subnets */
  checkNetwork(network: Network, key: string, subnets: readonly Linked[], pointer: Pointer): void {
    checkNetworkName(network.name, this.#networks, pointer, this.#report);
    checkRelay(this.#family.text, network, pointer, this.#report);
    checkOneInterface(network, subnets, [...pointer, key], this.#report);
    this.#checkScope(network, [this.#config], pointer);
    this.classes.useGuards(network, pointer);
  }

  /** @param otherPools that must not overlap with those of the subnet */
  checkSubnet(
    subnet: Subnet<Reservation>,
    network: Network | undefined,
    pointer: Pointer,
    otherPools: readonly PointedSpan<Address>[] = [],
  ): void {
    const { text } = this.#family;
    const prefix = this.#subnets.check(subnet, pointer);
    const at: Pointer = [...pointer, "pools"];
    this.#checkAlike(subnet, network, pointer, at);
    const pools = prefix === undefined ? [] : checkPools(text, subnet.pools, prefix, at, this.#report);
    checkOverlaps(text, otherPools.length === 0 ? pools : [...pools, ...otherPools], this.#report);
    this.#checkReservations(subnet.reservations, prefix, pointer);
  }

  /** What subnets may say alike: where nothing is wrong in that, nor in question until the end, it is not checked again. */
  #checkAlike(
    subnet: Subnet<Reservation>,
    network: Network | undefined,
    pointer: Pointer,
    poolsPointer: Pointer,
  ): void {
    const [like, around] = [likeOf(subnet), network ?? this.#config];
    if (like !== undefined && this.#sound.get(like) === around) return;
    const before = this.#faults + this.classes.doubts;
    checkRelay(this.#family.text, subnet, pointer, this.#report);
    this.#checkScope(subnet, network === undefined ? [this.#config] : [network, this.#config], pointer);
    this.classes.useGuards(subnet, pointer);
    subnet.pools.forEach((pool, i) => {
      const inPool = [...poolsPointer, i];
      this.classes.useGuards(pool, inPool);
      this.options.check(pool["option-data"], inPool);
      checkNaming(pool, inPool, this.#report);
    });
    if (like !== undefined && this.#faults + this.classes.doubts === before) this.#sound.set(like, around);
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
    if (reservations.length === 0) return;
    const at: Pointer = [...pointer, "reservations"];
    this.#identifiers.check(reservations, at);
    reservations.forEach((reservation, i) => {
      this.classes.give(reservation["client-classes"]);
      if (reservation["option-data"].length > 0) this.options.check(reservation["option-data"], [...at, i]);
    });
    this.#family.checkReserved(reservations, prefix, at);
  }
}

/** Kea's library does, and an operator's own module may. */
function mayComputeFlexId({ "hooks-libraries": libraries }: Pick<Dhcp4Config, "hooks-libraries">): boolean {
  return libraries.some(({ library }) => /libdhcp_flex_id\.so$|\.m?js$/.test(library));
}
