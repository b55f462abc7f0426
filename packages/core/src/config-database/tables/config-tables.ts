/** Kea's tables of configuration: which column is which key. */
import type { SchemaVersion } from "../../leases/database/kea-schema.ts";
import { type ConfigColumn, column, columns } from "./config-column.ts";

/** What differs between the families, and between versions of Kea. */
export interface ConfigTables {
  readonly family: 4 | 6;
  readonly subnet: readonly ConfigColumn[];
  readonly network: readonly ConfigColumn[];
  readonly pool: readonly ConfigColumn[];
  /** DHCPv6 only. */
  readonly pdPool: readonly ConfigColumn[] | undefined;
  readonly class: readonly ConfigColumn[];
  /** Whether an option may be for some classes only. */
  readonly hasOptionClasses: boolean;
}

/** Kea 2.7 gave some columns the names that its keys have since. */
const RENAMED_SINCE: SchemaVersion = 26;
/** The column has a list instead of one name. */
const CLASS_LIST_SINCE: SchemaVersion = 27;
const TIMES_TO_LIVE_SINCE: SchemaVersion = 28;

const lifetimes = columns("number", "valid-lifetime", "min-valid-lifetime", "max-valid-lifetime");
const preferredLifetimes = columns("number", "preferred-lifetime", "min-preferred-lifetime", "max-preferred-lifetime");
const bootFields = [column("address", "next-server"), ...columns("text", "server-hostname", "boot-file-name")];

/** Of subnets and shared networks of both families. */
const scope: readonly ConfigColumn[] = [
  ...lifetimes,
  ...columns("given", "interface"),
  ...columns("relay", "relay"),
  ...columns("number", "renew-timer", "rebind-timer", "t1-percent", "t2-percent", "cache-threshold", "cache-max-age"),
  ...columns("flag", "calculate-tee-times"),
  ...columns("flag", "reservations-global", "reservations-in-subnet", "reservations-out-of-pool"),
  ...columns("flag", "ddns-send-updates", "ddns-override-no-update", "ddns-override-client-update"),
  ...columns("nameMode", "ddns-replace-client-name"),
  ...columns("text", "ddns-generated-prefix", "ddns-qualifying-suffix", "allocator"),
];

const scope4: readonly ConfigColumn[] = [
  ...scope,
  ...bootFields,
  ...columns("flag", "match-client-id", "authoritative"),
  ...columns("number", "offer-lifetime"),
];

const scope6: readonly ConfigColumn[] = [
  ...scope,
  ...preferredLifetimes,
  ...columns("flag", "rapid-commit"),
  ...columns("octets", "interface-id"),
  ...columns("text", "pd-allocator"),
];

/** Of subnets and shared networks. */
function times(version: SchemaVersion): readonly ConfigColumn[] {
  return version < TIMES_TO_LIVE_SINCE
    ? []
    : columns("number", "ddns-ttl-percent", "ddns-ttl", "ddns-ttl-min", "ddns-ttl-max");
}

/** Keys of pools, and of what is around them. */
function guards(version: SchemaVersion): readonly ConfigColumn[] {
  return [
    version < CLASS_LIST_SINCE
      ? column("oneName", "client-classes", "client_class")
      : column("names", "client-classes"),
    version < RENAMED_SINCE
      ? column("names", "evaluate-additional-classes", "require_client_classes")
      : column("names", "evaluate-additional-classes"),
    column("context", "user-context"),
  ];
}

function classColumns(version: SchemaVersion): readonly ConfigColumn[] {
  return [
    // Kea writes an empty text for a class without one.
    column("given", "test"),
    version < RENAMED_SINCE
      ? column("flag", "only-in-additional-list", "only_if_required")
      : column("flag", "only-in-additional-list"),
    column("context", "user-context"),
    ...lifetimes,
  ];
}

export function configTables4(version: SchemaVersion): ConfigTables {
  const own = guards(version);
  return {
    family: 4,
    subnet: [
      ...own,
      ...scope4,
      ...times(version),
      ...columns("given", "4o6-interface", "4o6-interface-id", "4o6-subnet"),
    ],
    network: [...own, ...scope4, ...times(version)],
    pool: own,
    pdPool: undefined,
    class: [...classColumns(version), ...bootFields, column("number", "offer-lifetime")],
    hasOptionClasses: version >= RENAMED_SINCE,
  };
}

export function configTables6(version: SchemaVersion): ConfigTables {
  const own = guards(version);
  return {
    family: 6,
    subnet: [...own, ...scope6, ...times(version)],
    network: [...own, ...scope6, ...times(version)],
    pool: own,
    pdPool: [
      ...own,
      column("text", "prefix"),
      column("number", "prefix-len", "prefix_length"),
      column("number", "delegated-len", "delegated_prefix_length"),
      column("text", "excluded-prefix"),
      column("number", "excluded-prefix-len", "excluded_prefix_length"),
    ],
    class: [...classColumns(version), ...preferredLifetimes],
    hasOptionClasses: version >= RENAMED_SINCE,
  };
}

/** The tables of a family, as a version of Kea has them. */
export interface TablesOf {
  readonly family: 4 | 6;
  at(version: SchemaVersion): ConfigTables;
}

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
