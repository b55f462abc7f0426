/** What a family gives to the server that serves it, and what the server gives back. */
import type { Interface, InterfaceWatch } from "@kotare/netio/interfaces/interface";
import type { SendBatch, Transport } from "@kotare/netio/transports/datagram";
import type { Dhcp4Config, InterfacesConfig } from "../config/dhcp4-config.ts";
import type { Command } from "../control/command.ts";
import type { Commands } from "../control/command-table.ts";
import type { LeaseChanges } from "../control/commands/lease/decide-on-leases.ts";
import type { LifeContext } from "../control/daemon-context.ts";
import type { DhcpContext } from "../control/dhcp-context.ts";
import type { Metric } from "../control/metrics/metric.ts";
import type { ExtendedConfig } from "../extensions/start-extensions.ts";
import type { HostDatabases } from "../hosts/database/host-source.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { ExplainRules } from "./explain/explain-packet.ts";
import type { InterfaceRules, ServedInterface } from "./interfaces/served-interfaces.ts";
import type { Sockets } from "./interfaces/sockets.ts";
import type { ServerMessages } from "./messages.ts";
import type { IntakeRules } from "./packets/intake.ts";
import type { Glanced, PathTypes } from "./packets/packet-path.ts";
import type { ServerGauges } from "./server-metrics.ts";

/** The keys that the server itself obeys. */
export type ServerConfig = Pick<
  Dhcp4Config,
  "lease-database" | "hosts-databases" | "expired-leases-processing" | "parked-packet-limit"
> &
  ExtendedConfig & {
    readonly "interfaces-config": Pick<
      InterfacesConfig,
      "interfaces" | "service-sockets-max-retries" | "service-sockets-retry-wait-time" | "service-sockets-require-all"
    >;
  };

/** What the server's own commands work on, but for what the family adds. */
export interface ServerContext<Config, Service, Address, L extends Lease>
  extends LifeContext<Config>,
    Required<LeaseChanges<L>>,
    Pick<DhcpContext, "service" | "explain" | "reclaim" | "status" | "interfaces" | "changeInterfaces" | "compact"> {
  /** The configuration in force, compiled. */
  compiled(): Service;
  /** By their names. */
  extensionCommands(): ReadonlyMap<string, Command<unknown>>;
  /** As `CommandContext.carriedOut`. */
  carriedOut(name: string, args: unknown, answer: unknown): void;
  /** An interface that is served, by its name. */
  served(name: string): ServedInterface<Address> | undefined;
}

/** What the server lets in and out beside its own sockets. */
export interface Doors<Address> {
  /** Has packets served that come by another way. */
  serve(transport: Transport<Address>): void;
  /** Of the server's own sockets; `undefined` while it has none. */
  newSendBatch(): SendBatch<Address> | undefined;
  /** An interface that is served, by its name. */
  served(name: string): ServedInterface<Address> | undefined;
}

/** Something that runs beside the server and goes by the same configuration and interfaces. */
export interface Companion<Config, Service, Address = never> {
  /** Called once, before anything else; absent where it has nothing to do with packets. */
  open?(doors: Doors<Address>): void;
  /** At the start and after each change. */
  update(present: ReadonlyMap<number, Interface>): void;
  /** At the start, after the first `update`, and after each reload. */
  configure(config: Config, service: Service): void;
  /** Called now and then. */
  check?(): void;
  stop(): Promise<void>;
}

/** What tells DHCPv4 from DHCPv6. */
export interface ServerFamily<T extends PathTypes, Config extends ServerConfig> {
  readonly number: 4 | 6;
  readonly messages: ServerMessages;
  readonly interfaceRules: InterfaceRules<T["address"], Config["interfaces-config"]>;
  readonly urgencyOf: IntakeRules["urgencyOf"];
  /** As `IntakeRules`. @param view the leases as they are */
  isKnown(datagram: Glanced, view: T["batch"]): boolean;
  /** In steps that leave room for packets. @param former what is in force: what is the same in both is taken over */
  compile(
    config: Config,
    former: T["service"] | undefined,
    hosts: HostDatabases<T["hostDatabase"]>,
  ): Generator<void, T["service"]>;
  /** @param former what is in force; `undefined` while nobody is served before @throws PlainError */
  openHosts(
    config: Config,
    former: HostDatabases<T["hostDatabase"]> | undefined,
  ): Promise<HostDatabases<T["hostDatabase"]>>;
  /** The reservations, for one round of packets. */
  beginHosts(service: T["service"]): T["hosts"];
  readonly explainRules: ExplainRules<T>;
  /** Has the subnets and pools in force listed with their statistics. In steps, too. */
  list(service: T["service"]): Generator<void>;
  /** @param onOpen called once, when the transport is there and can be started */
  openSockets(
    config: Config,
    watch: InterfaceWatch,
    onOpen: (transport: Transport<T["address"]>) => void,
  ): Sockets<T["address"]>;
  /** Whether the sockets of one configuration do for another. */
  keepsSockets(before: Config, after: Config): boolean;
  readonly companions: readonly Companion<Config, T["service"], T["address"]>[];
  /** Whether replies may have to be `Delivered`; absent where they never have. */
  delivers?(): boolean;
  /** Its own. */
  readonly commands: readonly Command<never>[];
  /** Adds what the family's own commands work on. @returns what answers commands */
  takeCommands(server: ServerContext<Config, T["service"], T["address"], T["lease"]>): Commands;
  metrics(server: ServerGauges<Config>): Promise<readonly Metric[]>;
}
