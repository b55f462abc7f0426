/** Kea's tables of configuration in its schema 22.2, that of Kea 2.6: which column is which key. */
import { type ConfigColumn, column, columns } from "./config-column.ts";

/** What differs between the families. */
export interface ConfigTables {
  readonly family: 4 | 6;
  readonly root: "Dhcp4" | "Dhcp6";
  readonly subnet: readonly ConfigColumn[];
  readonly network: readonly ConfigColumn[];
  readonly pool: readonly ConfigColumn[];
  /** DHCPv6 only. */
  readonly pdPool: readonly ConfigColumn[] | undefined;
  readonly class: readonly ConfigColumn[];
}

const lifetimes = columns("number", "valid-lifetime", "min-valid-lifetime", "max-valid-lifetime");
const preferredLifetimes = columns("number", "preferred-lifetime", "min-preferred-lifetime", "max-preferred-lifetime");

/** Keys of pools, and of what is around them. */
const guards = [
  column("text", "client-class"),
  column("names", "require-client-classes"),
  column("context", "user-context"),
];

/** Of subnets and shared networks of both families. */
const scope: readonly ConfigColumn[] = [
  ...guards,
  ...lifetimes,
  ...columns("text", "interface"),
  ...columns("relay", "relay"),
  ...columns("number", "renew-timer", "rebind-timer", "t1-percent", "t2-percent", "cache-threshold", "cache-max-age"),
  ...columns(
    "flag",
    "calculate-tee-times",
    "reservations-global",
    "reservations-in-subnet",
    "reservations-out-of-pool",
  ),
  ...columns("flag", "ddns-send-updates", "ddns-override-no-update", "ddns-override-client-update"),
  ...columns("nameMode", "ddns-replace-client-name"),
  ...columns("text", "ddns-generated-prefix", "ddns-qualifying-suffix", "allocator"),
];

const bootFields = [column("address", "next-server"), ...columns("text", "server-hostname", "boot-file-name")];

const scope4 = [
  ...scope,
  ...bootFields,
  ...columns("flag", "match-client-id", "authoritative"),
  column("number", "offer-lifetime"),
];

const scope6 = [
  ...scope,
  ...preferredLifetimes,
  ...columns("flag", "rapid-commit"),
  ...columns("octets", "interface-id"),
  ...columns("text", "pd-allocator"),
];

const classColumns = [
  column("text", "test"),
  column("flag", "only-if-required"),
  column("context", "user-context"),
  ...lifetimes,
];

export const configTables4: ConfigTables = {
  family: 4,
  root: "Dhcp4",
  subnet: [...scope4, ...columns("text", "4o6-interface", "4o6-interface-id", "4o6-subnet")],
  network: scope4,
  pool: guards,
  pdPool: undefined,
  class: [...classColumns, ...bootFields, column("number", "offer-lifetime")],
};

export const configTables6: ConfigTables = {
  family: 6,
  root: "Dhcp6",
  subnet: scope6,
  network: scope6,
  pool: guards,
  pdPool: [
    ...guards,
    column("number", "prefix-len", "prefix_length"),
    column("number", "delegated-len", "delegated_prefix_length"),
    column("text", "excluded-prefix"),
    column("number", "excluded-prefix-len", "excluded_prefix_length"),
    column("text", "prefix"),
  ],
  class: [...classColumns, ...preferredLifetimes],
};

/** Of definitions of options, by their numbers. */
export const OPTION_TYPES: ReadonlyMap<number, string> = new Map([
  ...[...["empty", "binary", "boolean", "int8", "int16", "int32", "uint8", "uint16", "uint32"]].map(
    (name, i) => [i, name] as const,
  ),
  ...["ipv4-address", "ipv6-address", "ipv6-prefix", "psid", "string", "tuple", "fqdn", "internal"].map(
    (name, i) => [10 + i, name] as const,
  ),
  [254, "record"],
]);

/** In `dhcp_option_scope`. */
export const OptionScope = { global: 0, subnet: 1, class: 2, network: 4, pool: 5, pdPool: 6 } as const;
