/** What takes Kea's tables from its schema 22.2 to that of Kea 3.0: version by version what each has more, in no dialect. */
import { REGISTERED_SINCE, type SchemaVersion } from "../leases/database/kea-schema.ts";

/** What a new or renamed column may be; a dialect says how that is written. */
export type ColumnType = "prefix" | "length" | "names" | "flag" | "percent" | "seconds";

/** A change may be made again where it has been made already. It is left out where there is no such table. */
export type SchemaChange = { readonly table: string } & (
  | { readonly kind: "add"; readonly column: string; readonly type: ColumnType }
  | { readonly kind: "rename"; readonly from: string; readonly column: string; readonly type: ColumnType }
  /** What is one name becomes a JSON list of it. */
  | { readonly kind: "list"; readonly column: string }
  | { readonly kind: "state"; readonly state: number; readonly name: string }
  /** The statistics of a family's subnets count leases in these states. */
  | { readonly kind: "count"; readonly states: readonly number[] }
  /** The statistics of classes take any `user_context`. */
  | { readonly kind: "tolerate" }
  /** What all dialects write alike. */
  | { readonly kind: "sql"; readonly sql: string }
);

export interface UpgradeStep {
  readonly version: SchemaVersion;
  /** What is told of it beforehand. */
  readonly what: string;
  readonly changes: readonly SchemaChange[];
}

const NETWORKS = ["dhcp4_shared_network", "dhcp4_subnet", "dhcp6_shared_network", "dhcp6_subnet"];
const POOLS = ["dhcp4_pool", "dhcp6_pool", "dhcp6_pd_pool"];

function each(tables: readonly string[], of: (table: string) => readonly SchemaChange[]): readonly SchemaChange[] {
  return tables.flatMap(of);
}

export const UPGRADE_STEPS: readonly UpgradeStep[] = [
  {
    version: 23,
    what: "a lease may be released: one more row of lease_state",
    changes: [{ kind: "state", table: "lease_state", state: 3, name: "released" }],
  },
  {
    version: 24,
    what: "global parameters for control sockets are removed from the configuration tables: Kea 3 does not take them there",
    changes: each(["dhcp4_global_parameter", "dhcp6_global_parameter"], (table) => [
      {
        kind: "sql",
        table,
        sql: `DELETE FROM ${table} WHERE name IN ('control-socket.socket-name', 'control-socket.socket-type')`,
      },
    ]),
  },
  {
    version: 25,
    what: "a reserved prefix may have an excluded prefix: two more columns of ipv6_reservations",
    changes: [
      { kind: "add", table: "ipv6_reservations", column: "excluded_prefix", type: "prefix" },
      { kind: "add", table: "ipv6_reservations", column: "excluded_prefix_len", type: "length" },
    ],
  },
  {
    version: 26,
    what: "an option may be for certain classes: one more column of dhcp4_options and dhcp6_options; configuration tables call require_client_classes evaluate_additional_classes, and only_if_required only_in_additional_list",
    changes: [
      ...each(["dhcp4_options", "dhcp6_options"], (table) => [
        { kind: "add", table, column: "client_classes", type: "names" },
      ]),
      {
        kind: "sql",
        table: "option_def_data_type",
        sql: "UPDATE option_def_data_type SET name = 'int8' WHERE id = 3",
      },
      ...each([...NETWORKS, ...POOLS], (table) => [
        {
          kind: "rename",
          table,
          from: "require_client_classes",
          column: "evaluate_additional_classes",
          type: "names",
        },
      ]),
      ...each(["dhcp4_client_class", "dhcp6_client_class"], (table) => [
        { kind: "rename", table, from: "only_if_required", column: "only_in_additional_list", type: "flag" },
      ]),
    ],
  },
  {
    version: 27,
    what: "in configuration tables client_class of networks, subnets and pools becomes client_classes, a list",
    changes: each([...NETWORKS, ...POOLS], (table) => [
      { kind: "rename", table, from: "client_class", column: "client_classes", type: "names" },
      { kind: "list", table, column: "client_classes" },
    ]),
  },
  {
    version: 28,
    what: "networks and subnets in configuration tables may say how long names live in the DNS: four more columns",
    changes: each(NETWORKS, (table) => [
      { kind: "add", table, column: "ddns_ttl_percent", type: "percent" },
      { kind: "add", table, column: "ddns_ttl", type: "seconds" },
      { kind: "add", table, column: "ddns_ttl_min", type: "seconds" },
      { kind: "add", table, column: "ddns_ttl_max", type: "seconds" },
    ]),
  },
  {
    version: REGISTERED_SINCE,
    what: "an address may be registered: one more row of lease_state, and lease6_stat counts it",
    changes: [
      { kind: "state", table: "lease_state", state: 4, name: "registered" },
      { kind: "count", table: "lease6", states: [0, 1, 4] },
    ],
  },
];

/** MySQL's own: PostgreSQL had it before. */
export const TOLERANT_STEP: UpgradeStep = {
  version: 30,
  what: "the statistics of classes take leases whose user_context is no JSON",
  changes: [
    { kind: "tolerate", table: "lease4" },
    { kind: "tolerate", table: "lease6" },
  ],
};
