/**
 * The configuration in force as Kea 2.6 writes it, for `config-get` and `config-write`: its spelling of every key, what
 * a subnet inherits written out, and nothing that Kea would not write. Reading it gives the same configuration.
 */
import { isDeepStrictEqual } from "node:util";
import type { ConfigRoot } from "../config/config-family.ts";
import { type Json, JsonList } from "./kea-json.ts";

type Map = Readonly<Record<string, unknown>>;

const guards = { "client-classes": [], "evaluate-additional-classes": [] };
const pool = { ...guards, "pool-id": 0, "excluded-prefix": "::", "excluded-prefix-len": 0 };

/** By the key of the map or list that holds a map: values that say nothing, and that Kea leaves out. */
const SILENT: Readonly<Record<string, Map>> = {
  Dhcp4: { "offer-lifetime": 0, reservations: [], "client-classes": [], "hosts-databases": [], "control-sockets": [] },
  Dhcp6: {
    "allow-address-registration": false,
    reservations: [],
    "client-classes": [],
    "hosts-databases": [],
    "control-sockets": [],
  },
  DhcpDdns: { "control-sockets": [] },
  compatibility: {
    "lenient-option-parsing": false,
    "ignore-dhcp-server-identifier": false,
    "ignore-rai-link-selection": false,
    "exclude-first-last-24": false,
  },
  "interfaces-config": { "dhcp-socket-type": "raw", "outbound-interface": "same-as-inbound" },
  "lease-database": {
    persist: true,
    "max-row-errors": 0,
    port: 0,
    "connect-timeout": 5,
    "read-timeout": 0,
    "write-timeout": 0,
    "tcp-user-timeout": 0,
    readonly: false,
  },
  "output-options": { maxsize: 10_240_000, maxver: 1 },
  subnet4: guards,
  subnet6: guards,
  "shared-networks": guards,
  pools: pool,
  "pd-pools": pool,
};

/** Written in subnets and networks with what they inherit. */
const INHERITED = [
  "allocator",
  "pd-allocator",
  "calculate-tee-times",
  "rapid-commit",
  "renew-timer",
  "rebind-timer",
  "t1-percent",
  "t2-percent",
  "valid-lifetime",
  "min-valid-lifetime",
  "max-valid-lifetime",
  "preferred-lifetime",
  "min-preferred-lifetime",
  "max-preferred-lifetime",
  "cache-threshold",
  "cache-max-age",
  "store-extended-info",
];

/** Kea's of reservations, where a reservation says nothing. */
const RESERVATION4 = { "boot-file-name": "", "next-server": "0.0.0.0", "server-hostname": "" };

/** Kea's of DHCP servers, where a file says nothing. */
const THREADS_AND_QUEUES = (queue: string) => ({
  "dhcp-queue-control": { capacity: 64, "enable-queue": false, "queue-type": queue },
  "multi-threading": { "enable-multi-threading": false },
});

const UNWRITTEN: Readonly<Record<ConfigRoot, Map>> = {
  Dhcp4: THREADS_AND_QUEUES("kea-ring4"),
  Dhcp6: THREADS_AND_QUEUES("kea-ring6"),
  DhcpDdns: {},
};

/** @param root the file's one key */
export function writeConfig(root: ConfigRoot, config: object): { readonly [root: string]: Json } {
  return { [root]: new ConfigWriter(root).write(root, { ...UNWRITTEN[root], ...config }) };
}

class ConfigWriter {
  readonly #root: ConfigRoot;

  constructor(root: ConfigRoot) {
    this.#root = root;
  }

  /**
   * @param key of the map or list that holds it
   * @param scopes what it is inside of, the innermost first
   */
  write(key: string, map: Map, scopes: readonly Map[] = []): { [key: string]: Json } {
    const silent = SILENT[key] ?? {};
    const written: { [key: string]: Json } = {};
    for (const [name, value] of Object.entries(this.#complete(key, map, scopes))) {
      if (value === undefined || (name in silent && isDeepStrictEqual(value, silent[name]))) continue;
      const [spelling, meant] = spellAsKea(key, name, value);
      const inner = this.#writeValue(spelling, meant, isScope(key) ? [map, ...scopes] : scopes);
      // A map of which nothing is left, and that said something by being there, has said it by its absence.
      if (spelling === "compatibility" && isDeepStrictEqual(inner, {})) continue;
      written[spelling] = inner;
    }
    return written;
  }

  #writeValue(key: string, value: unknown, scopes: readonly Map[]): Json {
    // An operator's own data and hooks' parameters are nobody's to change.
    if (key === "user-context" || key === "parameters") return value as Json;
    if (Array.isArray(value)) {
      const write = (item: unknown): Json => (isMap(item) ? this.write(key, item, scopes) : (item as Json));
      return isLong(key) ? JsonList.of(value, write) : value.map(write);
    }
    return isMap(value) ? this.write(key, value, scopes) : (value as Json);
  }

  /** With what Kea writes although the file need not have it. */
  #complete(key: string, map: Map, scopes: readonly Map[]): Map {
    if (key === "reservations" && this.#root === "Dhcp4") return { ...RESERVATION4, ...map };
    // Kea's sizes, of what we have not.
    if (key === "multi-threading") return { "packet-queue-size": 64, "thread-pool-size": 0, ...map };
    if (key === "dhcp-ddns" && map["sender-ip"] === "") return { ...map, "sender-ip": "0.0.0.0" };
    if (key !== "subnet4" && key !== "subnet6" && key !== "shared-networks") return map;
    const inherited: Record<string, unknown> = { relay: { "ip-addresses": [] } };
    if (this.#root === "Dhcp6") inherited["rapid-commit"] = false;
    for (const name of INHERITED) {
      const scope = [map, ...scopes].find((each) => each[name] !== undefined);
      if (scope !== undefined) inherited[name] = scope[name];
    }
    inherited["min-valid-lifetime"] ??= inherited["valid-lifetime"];
    inherited["max-valid-lifetime"] ??= inherited["valid-lifetime"];
    return { ...inherited, ...map };
  }
}

/** Lists that may have very many items. */
function isLong(key: string): boolean {
  return key === "subnet4" || key === "subnet6" || key === "shared-networks" || key === "reservations";
}

/** Whether subnets inherit from it. */
function isScope(key: string): boolean {
  return key === "Dhcp4" || key === "Dhcp6" || key === "shared-networks";
}

function isMap(value: unknown): value is Map {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Newer spellings, which the configuration in memory has, as Kea 2.6 has them. */
function spellAsKea(holder: string, key: string, value: unknown): [key: string, value: unknown] {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (key === "control-sockets" && list.length === 1) return ["control-socket", list[0]];
  if (key === "hosts-databases" && list.length === 1) return ["hosts-database", list[0]];
  if (holder in SILENT && key === "client-classes" && !isScopeOfClasses(holder) && list.length === 1) {
    return ["client-class", list[0]];
  }
  if (key === "evaluate-additional-classes") return ["require-client-classes", value];
  return [key, value];
}

/** Where `client-classes` defines classes and does not ask for one. */
function isScopeOfClasses(holder: string): boolean {
  return holder === "Dhcp4" || holder === "Dhcp6";
}
