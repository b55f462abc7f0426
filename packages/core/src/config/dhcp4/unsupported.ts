/**
 * What the grammar knows and the daemon does not do: one table. A row goes when its function comes. Rows with `instead`
 * are about Kea's insides, which we do not have: they are told once and change nothing.
 */
import type {
  Dhcp4Config,
  Pool4Config,
  Reservation4Config,
  SharedNetwork4Config,
  Subnet4Config,
} from "../dhcp4-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";

/** The maps that rows are about. */
interface Maps {
  global: Dhcp4Config;
  interfaces: Dhcp4Config["interfaces-config"];
  database: Dhcp4Config["lease-database"];
  ddns: Dhcp4Config["dhcp-ddns"];
  network: SharedNetwork4Config;
  subnet: Subnet4Config;
  pool: Pool4Config;
  reservation: Reservation4Config;
  option: Dhcp4Config["option-data"][number];
}

interface Row<Map> {
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

const YET = "not supported yet";
const isFull = (list: readonly unknown[]) => list.length > 0;

const GUARDS = [
  {
    key: "client-classes",
    asks: (map) => isFull(map["client-classes"]),
    lacks: `limits this to client classes, which are ${YET}`,
  },
  {
    key: "evaluate-additional-classes",
    asks: (map) => isFull(map["evaluate-additional-classes"]),
    lacks: `evaluates client classes, which are ${YET}`,
  },
] as const satisfies readonly Row<Pick<Pool4Config, "client-classes" | "evaluate-additional-classes">>[];

const INHERITED: readonly Row<Pick<Subnet4Config, "adaptive-lease-time-threshold">>[] = [
  {
    key: "adaptive-lease-time-threshold",
    asks: (map) => map["adaptive-lease-time-threshold"] !== undefined,
    lacks: `shortens leases of full pools, which is ${YET}`,
  },
];

const ROWS: { readonly [Name in keyof Maps]: readonly Row<Maps[Name]>[] } = {
  global: [
    ...INHERITED,
    {
      key: "client-classes",
      asks: (map) => isFull(map["client-classes"]),
      lacks: `defines client classes, which are ${YET}`,
    },
    {
      key: "control-sockets",
      asks: (map) => isFull(map["control-sockets"]),
      lacks: `opens a channel for commands, which is ${YET}`,
    },
    {
      key: "hosts-databases",
      asks: (map) => map["hosts-databases"].some(({ type }) => type !== "memfile"),
      lacks: `takes reservations from a database, which is ${YET}`,
    },
    {
      key: "config-control",
      asks: (map) => isFull(map["config-control"]?.["config-databases"] ?? []),
      lacks: `takes parts of the configuration from a database, which is ${YET}`,
    },
    { key: "hooks-libraries", asks: (map) => isFull(map["hooks-libraries"]), lacks: `loads hooks, which are ${YET}` },
    {
      key: "dhcp4o6-port",
      asks: (map) => map["dhcp4o6-port"] !== 0,
      lacks: `turns on DHCPv4 over DHCPv6, which is ${YET}`,
    },
    {
      key: "multi-threading",
      asks: (map) =>
        map["multi-threading"]?.["enable-multi-threading"] !== false && map["multi-threading"] !== undefined,
      instead: "has no effect: packets are served in batches by one thread, and the disk is written beside it",
    },
    {
      key: "dhcp-queue-control",
      asks: (map) => map["dhcp-queue-control"]?.["enable-queue"] === true,
      instead: "has no effect: packets wait in a ring of the kernel, and those that waited too long are dropped",
    },
    {
      key: "parked-packet-limit",
      asks: (map) => map["parked-packet-limit"] !== 256,
      instead: "has no effect: no packet is parked",
    },
    {
      key: "reservations-lookup-first",
      asks: (map) => map["reservations-lookup-first"],
      instead: "has no effect: reservations are always looked up first",
    },
    {
      key: "early-global-reservations-lookup",
      asks: (map) => map["early-global-reservations-lookup"],
      instead: "has no effect without client classes",
    },
  ],
  interfaces: [
    {
      key: "re-detect",
      asks: (map) => !map["re-detect"],
      instead: "has no effect: interfaces are watched all the time",
    },
  ],
  database: [
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
      asks: (map: Maps["database"]) => map.type === "memfile" && map[key] !== undefined,
      instead: "has no meaning for memfile",
    })),
    {
      key: "type",
      asks: (map) => map.type !== "memfile",
      lacks: `names a database for leases, which is ${YET}; use "memfile"`,
    },
    {
      key: "persist",
      asks: (map) => !map.persist,
      beware: "keeps leases in memory only: they are lost when the daemon stops",
    },
  ],
  ddns: [
    { key: "enable-updates", asks: (map) => map["enable-updates"], lacks: `sends names to the DNS, which is ${YET}` },
  ],
  network: [...GUARDS, ...INHERITED],
  subnet: [
    ...GUARDS,
    ...INHERITED,
    ...(["4o6-interface", "4o6-interface-id", "4o6-subnet"] as const).map((key) => ({
      key,
      asks: (map: Subnet4Config) => map[key] !== "",
      lacks: `is about DHCPv4 over DHCPv6, which is ${YET}`,
    })),
  ],
  pool: GUARDS,
  reservation: [
    {
      key: "client-classes",
      asks: (map) => isFull(map["client-classes"]),
      lacks: `puts the client into classes, which are ${YET}`,
    },
  ],
  option: [
    {
      key: "client-classes",
      asks: (map) => isFull(map["client-classes"]),
      lacks: `limits the option to client classes, which are ${YET}`,
    },
  ],
};

export function listUnsupported(config: Dhcp4Config): ConfigFault[] {
  const faults: ConfigFault[] = [];
  function visit<Name extends keyof Maps>(name: Name, map: Maps[Name], pointer: Pointer, ...steps: Pointer): void {
    for (const { key, asks, lacks, beware, instead } of ROWS[name]) {
      if (!asks(map)) continue;
      const severity = lacks !== undefined ? "error" : beware !== undefined ? "warning" : "note";
      const message = lacks ?? beware ?? instead ?? "";
      faults.push({ pointer: [...pointer, ...steps, key], message, severity, at: "key" });
    }
  }
  function visitOptions(
    map: { readonly "option-data": Dhcp4Config["option-data"] },
    pointer: Pointer,
    ...steps: Pointer
  ): void {
    if (!isFull(map["option-data"])) return;
    map["option-data"].forEach((option, i) => {
      visit("option", option, pointer, ...steps, "option-data", i);
    });
  }
  function visitReservations(reservations: readonly Reservation4Config[], pointer: Pointer): void {
    reservations.forEach((reservation, i) => {
      visit("reservation", reservation, pointer, "reservations", i);
      visitOptions(reservation, pointer, "reservations", i);
    });
  }
  function visitSubnets(subnets: readonly Subnet4Config[], pointer: Pointer): void {
    subnets.forEach((subnet, i) => {
      const inner = [...pointer, "subnet4", i];
      visit("subnet", subnet, inner);
      visitOptions(subnet, inner);
      subnet.pools.forEach((pool, j) => {
        visit("pool", pool, inner, "pools", j);
        visitOptions(pool, inner, "pools", j);
      });
      visitReservations(subnet.reservations, inner);
    });
  }

  const root: Pointer = ["Dhcp4"];
  visit("global", config, root);
  visit("interfaces", config["interfaces-config"], root, "interfaces-config");
  visit("database", config["lease-database"], root, "lease-database");
  visit("ddns", config["dhcp-ddns"], root, "dhcp-ddns");
  visitOptions(config, root);
  visitReservations(config.reservations, root);
  visitSubnets(config.subnet4, root);
  config["shared-networks"].forEach((network, i) => {
    const pointer = [...root, "shared-networks", i];
    visit("network", network, pointer);
    visitOptions(network, pointer);
    visitSubnets(network.subnet4, pointer);
  });
  return faults;
}
