/**
 * What the grammar knows and the daemons do not do: rows of both families. A row goes when its function comes. Rows with
 * `instead` are about Kea's insides, which we do not have: they are told once and change nothing.
 */
import type { Dhcp4Config, LoggerConfig } from "../dhcp4-config.ts";
import type { Dhcp6Config } from "../dhcp6-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";

export interface Row<Map> {
  readonly key: keyof Map & string;
  /** Whether the value asks for something: not off, not empty, not Kea's default. */
  asks(map: Map): boolean;
  /** An error: what is not there yet. */
  readonly lacks?: string;
  /** A note: what we do instead. */
  readonly instead?: string;
  /** A warning: what the operator probably does not want. */
  readonly beware?: string;
}

export const YET = "not supported yet";

type DhcpConfig = Dhcp4Config | Dhcp6Config;
type Database = DhcpConfig["lease-database"];
type HostsDatabase = DhcpConfig["hosts-databases"][number];
type ControlSocket = DhcpConfig["control-sockets"][number];

const GLOBAL_ROWS: readonly Row<DhcpConfig>[] = [
  {
    key: "multi-threading",
    // Kea has threads unless it is told not to, and files that it or we have written say so.
    asks: ({ "multi-threading": threads = {} }) =>
      (threads["thread-pool-size"] ?? 0) !== 0 || (threads["packet-queue-size"] ?? 64) !== 64,
    instead: "has no effect: packets are served in batches by one thread, and the disk is written beside it",
  },
  {
    key: "dhcp-queue-control",
    asks: (map) => map["dhcp-queue-control"]?.["enable-queue"] === true,
    instead: "has no effect: packets wait in a ring of the kernel, and those that waited too long are dropped",
  },
  {
    key: "reservations-lookup-first",
    asks: (map) => map["reservations-lookup-first"],
    instead: "has no effect: reservations are always looked up first",
  },
];

const SOCKET_ROWS: readonly Row<ControlSocket>[] = [
  ...(
    [
      "socket-address",
      "socket-port",
      "authentication",
      "trust-anchor",
      "cert-file",
      "key-file",
      "cert-required",
      "http-headers",
    ] as const
  ).map((key) => ({
    key,
    asks: (map: ControlSocket) => map["socket-type"] === "unix" && map[key] !== undefined,
    instead: "has no meaning for a unix socket",
  })),
];

const OUTPUT_ROWS: readonly Row<LoggerConfig["output-options"][number]>[] = [
  {
    key: "flush",
    asks: (map) => !map.flush,
    instead: "has no effect: lines are written together, 20 ms after the first of them at the latest",
  },
];

const CONTROL_ROWS: readonly Row<NonNullable<DhcpConfig["config-control"]>>[] = [
  {
    key: "config-databases",
    asks: (map) => map["config-databases"].length > 1,
    lacks: "has more than one database: as in Kea, configuration is in one",
  },
];

const EXPIRED_ROWS: readonly Row<DhcpConfig["expired-leases-processing"]>[] = [
  {
    key: "max-reclaim-time",
    asks: (map) => map["max-reclaim-time"] !== 250,
    instead: 'has no effect: packets are served between two steps of "max-reclaim-leases", so none waits for the rest',
  },
  {
    key: "unwarned-reclaim-cycles",
    asks: (map) => map["unwarned-reclaim-cycles"] !== 5,
    instead: "has no effect: all leases that have expired are reclaimed each time, so none are left to warn of",
  },
];

const INTERFACES_ROWS: readonly Row<DhcpConfig["interfaces-config"]>[] = [
  {
    key: "re-detect",
    asks: (map) => !map["re-detect"],
    instead: "has no effect: interfaces are watched all the time",
  },
];

/** Of databases of leases and of reservations. */
const DATABASE_ROWS: readonly Row<Database | HostsDatabase>[] = [
  ...(
    [
      "user",
      "password",
      "password-file",
      "host",
      "trust-anchor",
      "cert-file",
      "key-file",
      "cipher-list",
      "ssl-mode",
    ] as const
  ).map((key) => ({
    key,
    asks: (map: Database | HostsDatabase) => (map.type === "memfile" || map.type === "file") && map[key] !== undefined,
    instead: "has no meaning for a file",
  })),
  ...(["read-timeout", "write-timeout"] as const).map((key) => ({
    key,
    asks: (map: Database | HostsDatabase) => map.type !== "mysql" && (map[key] ?? 0) > 0,
    lacks: "is of mysql only, as in Kea; remove it",
  })),
  {
    key: "tcp-user-timeout",
    asks: (map) => map.type !== "postgresql" && (map["tcp-user-timeout"] ?? 0) > 0,
    lacks: "is of postgresql only, as in Kea; remove it",
  },
  {
    key: "type",
    asks: (map) => (map.type === "mysql" || map.type === "postgresql") && map.name === undefined,
    lacks: 'needs "name": which of the server\'s databases it is',
  },
];

const LEASE_DATABASE_ROWS: readonly Row<Database>[] = [
  ...DATABASE_ROWS,
  {
    key: "readonly",
    asks: (map) => map.readonly === true,
    instead: "has a meaning for hosts-databases only, as in Kea: leases are written",
  },
  {
    key: "persist",
    asks: (map) => map.type === "memfile" && map.persist === false,
    beware: "keeps leases in memory only: they are lost when the daemon stops",
  },
];

const HOST_DATABASE_ROWS: readonly Row<HostsDatabase>[] = [
  ...DATABASE_ROWS,
  ...(["persist", "lfc-interval", "max-row-errors"] as const).map((key) => ({
    key,
    asks: (map: HostsDatabase) => map[key] !== undefined,
    instead: "has a meaning for the lease file only",
  })),
  {
    key: "type",
    asks: (map) => map.type === "file" && (map.name ?? "") === "",
    lacks: 'needs "name": which file it is',
  },
  {
    key: "type",
    asks: (map) => map.type === "memfile",
    instead: "has no meaning here, as in Kea: memfile keeps no reservations",
  },
];

const CONFIG_DATABASE_ROWS: readonly Row<Database>[] = [
  ...DATABASE_ROWS,
  {
    key: "type",
    asks: (map) => map.type === "memfile",
    lacks: 'is no database that has configuration; write "mysql" or "postgresql"',
  },
  ...(["persist", "lfc-interval", "max-row-errors"] as const).map((key) => ({
    key,
    asks: (map: Database) => map[key] !== undefined,
    instead: "has a meaning for the lease file only",
  })),
];

const DDNS_ROWS: readonly Row<DhcpConfig["dhcp-ddns"]>[] = [
  {
    key: "ncr-protocol",
    asks: (map) => map["enable-updates"] && map["ncr-protocol"] !== "UDP",
    lacks: `sends names over TCP, which is ${YET}, by Kea's updater either; use "UDP"`,
  },
];

/** Goes through maps with the rows that apply to them, and collects what they ask for. */
export class UnsupportedFinder {
  readonly faults: ConfigFault[] = [];

  visit<Map>(rows: readonly Row<Map>[], map: Map, pointer: Pointer, ...steps: Pointer): void {
    for (const { key, asks, lacks, beware, instead } of rows) {
      if (!asks(map)) continue;
      const severity = lacks !== undefined ? "error" : beware !== undefined ? "warning" : "note";
      const message = lacks ?? beware ?? instead ?? "";
      this.faults.push({ pointer: [...pointer, ...steps, key], message, severity, at: "key" });
    }
  }

  /** What all daemons have. */
  visitDaemon(config: Pick<DhcpConfig, "control-sockets" | "loggers">, root: Pointer): void {
    config["control-sockets"].forEach((socket, i) => {
      this.visit(SOCKET_ROWS, socket, root, "control-sockets", i);
    });
    config.loggers.forEach((logger, i) => {
      logger["output-options"].forEach((output, j) => {
        this.visit(OUTPUT_ROWS, output, root, "loggers", i, "output-options", j);
      });
    });
  }

  /** The global scope of a DHCP server, save what only one family has. */
  visitGlobal(config: DhcpConfig, root: Pointer): void {
    this.visitDaemon(config, root);
    this.visit(GLOBAL_ROWS, config, root);
    const control = config["config-control"];
    if (control !== undefined) {
      this.visit(CONTROL_ROWS, control, root, "config-control");
      control["config-databases"].forEach((database, i) => {
        this.visit(CONFIG_DATABASE_ROWS, database, root, "config-control", "config-databases", i);
      });
    }
    this.visit(EXPIRED_ROWS, config["expired-leases-processing"], root, "expired-leases-processing");
    this.visit(INTERFACES_ROWS, config["interfaces-config"], root, "interfaces-config");
    this.visit(LEASE_DATABASE_ROWS, config["lease-database"], root, "lease-database");
    config["hosts-databases"].forEach((database, i) => {
      this.visit(HOST_DATABASE_ROWS, database, root, "hosts-databases", i);
    });
    this.visit(DDNS_ROWS, config["dhcp-ddns"], root, "dhcp-ddns");
  }
}
