/** Kea's tables of configuration in its schema 22.2, in no dialect: as its servers and its tools expect them. */
import type { ConfigColumn } from "../../config-database/tables/config-column.ts";
import { configTables4, configTables6, OPTION_TYPES } from "../../config-database/tables/config-tables.ts";
import { KEA_2_6, type SchemaVersion } from "../../leases/database/kea-schema.ts";
import type { SchemaChange, UpgradeStep } from "../upgrade-steps.ts";
import type { ForeignKey, SchemaColumn, SchemaTable, SchemaType } from "./schema-table.ts";

/** What columns are whose key says what is in them. */
const TYPE_OF_KIND: Readonly<Record<ConfigColumn["kind"], SchemaType>> = {
  number: "seconds",
  flag: "flag",
  text: "label",
  given: "name",
  address: "address4",
  octets: "octets",
  oneName: "name",
  names: "long",
  relay: "long",
  context: "json",
  nameMode: "mode",
};

/** What Kea has made otherwise. */
const TYPE_OF_COLUMN: Readonly<Record<string, SchemaType>> = {
  ...{ t1_percent: "ratio", t2_percent: "ratio", cache_threshold: "ratio" },
  ...{ allocator: "text", pd_allocator: "text", test: "text" },
  ...{ "4o6_subnet": "tag", server_hostname: "serverName", boot_file_name: "bootFile" },
  ...{ prefix: "prefix6", excluded_prefix: "prefix6" },
  ...{ prefix_length: "length", delegated_prefix_length: "length", excluded_prefix_length: "length" },
};
const TYPE_IN_CLASS: Readonly<Record<string, SchemaType>> = { server_hostname: "name", boot_file_name: "path" };
const REQUIRED: ReadonlySet<string> = new Set([
  "prefix",
  "prefix_length",
  "delegated_prefix_length",
  "excluded_prefix_length",
]);

const CHANGED: SchemaColumn = { name: "modification_ts", type: "time", isRequired: true };
const BY_TIME = [CHANGED.name];

function required(name: string, type: SchemaType): SchemaColumn {
  return { name, type, isRequired: true };
}

function falsehood(name: string): SchemaColumn {
  return { name, type: "flag", isRequired: true, isFalse: true };
}

function columnsOf(columns: readonly ConfigColumn[], types = TYPE_OF_COLUMN): readonly SchemaColumn[] {
  return columns.map(({ name, kind }) => {
    const column = { name, type: types[name] ?? TYPE_OF_COLUMN[name] ?? TYPE_OF_KIND[kind] };
    return REQUIRED.has(name) ? { ...column, isRequired: true } : column;
  });
}

function refer(column: string, table: string, key: string, rules: Pick<ForeignKey, "onDelete" | "onUpdate"> = {}) {
  return { column, table, key, ...rules };
}

const CASCADE = { onDelete: "CASCADE" } as const;
const FOLLOW = { onUpdate: "CASCADE" } as const;

/** Numbers with names, which the tables of both families refer to. */
const NAMED: readonly { readonly table: SchemaTable; readonly rows: ReadonlyMap<number, string> }[] = [
  named("modification", "modification_type", "change", ["create", "update", "delete"].entries()),
  named("parameter_data_type", "name", "kind", [
    [0, "integer"],
    [1, "real"],
    [2, "boolean"],
    [4, "string"],
  ]),
  named("option_def_data_type", "name", "kind", OPTION_TYPES),
];

function named(table: string, name: string, type: SchemaType, rows: Iterable<readonly [number, string]>) {
  const columns = [required("id", type), required(name, "word")];
  return { table: { name: table, columns, key: ["id"] }, rows: new Map(rows) };
}

/** Those of one family, each after what it refers to. */
function familyTables(family: 4 | 6): readonly SchemaTable[] {
  const f = `dhcp${family}_`;
  const { subnet, network, pool, pdPool, class: classes } = (family === 4 ? configTables4 : configTables6)(KEA_2_6);
  const ofSubnet = refer("subnet_id", `${f}subnet`, "subnet_id", FOLLOW);
  const inPool = family === 4 ? "address4" : "address6";

  /** What belongs to which servers. */
  const shares = (table: string, link: string, key: string, type: SchemaType, rules: typeof FOLLOW | object = {}) => {
    const isClass = table === "client_class";
    return {
      name: `${f}${table}_server`,
      columns: [
        required(link, type),
        required("server_id", "reference"),
        isClass ? ({ name: CHANGED.name, type: CHANGED.type } as const) : CHANGED,
      ],
      key: [link, "server_id"],
      indexes: isClass ? [] : [BY_TIME],
      foreignKeys: [
        refer(link, `${f}${table}`, key, { ...CASCADE, ...rules }),
        refer("server_id", `${f}server`, "id", isClass ? {} : CASCADE),
      ],
    };
  };

  return [
    {
      name: `${f}server`,
      columns: [required("id", "serial"), required("tag", "tag"), { name: "description", type: "text" }, CHANGED],
      key: ["id"],
      unique: "tag",
      indexes: [BY_TIME],
    },
    {
      name: `${f}audit_revision`,
      columns: [
        required("id", "serial"),
        CHANGED,
        { name: "log_message", type: "text" },
        { name: "server_id", type: "reference" },
      ],
      key: ["id"],
      indexes: [BY_TIME],
    },
    {
      name: `${f}audit`,
      columns: [
        required("id", "serial"),
        required("object_type", "object"),
        required("object_id", "reference"),
        required("modification_type", "change"),
        required("revision_id", "reference"),
      ],
      key: ["id"],
      foreignKeys: [
        refer("modification_type", "modification", "id"),
        refer("revision_id", `${f}audit_revision`, "id", FOLLOW),
      ],
    },
    {
      name: `${f}global_parameter`,
      columns: [
        required("id", "serial"),
        required("name", "name"),
        required("value", "long"),
        CHANGED,
        required("parameter_type", "kind"),
      ],
      key: ["id"],
      indexes: [BY_TIME, ["name"]],
      foreignKeys: [refer("parameter_type", "parameter_data_type", "id")],
    },
    shares("global_parameter", "parameter_id", "id", "reference"),
    {
      name: `${f}client_class`,
      columns: [
        required("id", "serial"),
        required("name", "name"),
        ...columnsOf(classes, TYPE_IN_CLASS).map((each) =>
          each.name === "only_if_required" ? falsehood(each.name) : each,
        ),
        falsehood("depend_on_known_directly"),
        { name: "follow_class_name", type: "name" },
        CHANGED,
      ],
      key: ["id"],
      unique: "name",
      indexes: [BY_TIME],
    },
    {
      name: `${f}client_class_order`,
      columns: [
        required("class_id", "reference"),
        required("order_index", "reference"),
        falsehood("depend_on_known_indirectly"),
      ],
      key: ["class_id"],
      indexes: [["order_index"]],
      foreignKeys: [refer("class_id", `${f}client_class`, "id", CASCADE)],
    },
    {
      name: `${f}client_class_dependency`,
      columns: [required("class_id", "reference"), required("dependency_id", "reference")],
      key: ["class_id", "dependency_id"],
      foreignKeys: [
        refer("class_id", `${f}client_class`, "id", CASCADE),
        refer("dependency_id", `${f}client_class`, "id"),
      ],
    },
    shares("client_class", "class_id", "id", "reference"),
    {
      name: `${f}option_def`,
      columns: [
        required("id", "serial"),
        required("code", "code"),
        required("name", "name"),
        required("space", "name"),
        required("type", "kind"),
        CHANGED,
        required("is_array", "flag"),
        required("encapsulate", "name"),
        { name: "record_types", type: "records" },
        { name: "user_context", type: "json" },
        { name: "class_id", type: "reference" },
      ],
      key: ["id"],
      indexes: [BY_TIME, ["code", "space"]],
      foreignKeys: [
        refer("type", "option_def_data_type", "id"),
        refer("class_id", `${f}client_class`, "id", { ...CASCADE, ...FOLLOW }),
      ],
    },
    shares("option_def", "option_def_id", "id", "reference"),
    {
      name: `${f}shared_network`,
      columns: [required("id", "serial"), required("name", "name"), ...columnsOf(network), CHANGED],
      key: ["id"],
      unique: "name",
      indexes: [BY_TIME],
    },
    shares("shared_network", "shared_network_id", "id", "reference"),
    {
      name: `${f}subnet`,
      columns: [
        required("subnet_id", "subnetId"),
        required("subnet_prefix", family === 4 ? "prefix4" : "tag"),
        { name: "shared_network_name", type: "name" },
        ...columnsOf(subnet),
        CHANGED,
      ],
      key: ["subnet_id"],
      unique: "subnet_prefix",
      indexes: [BY_TIME],
      foreignKeys: [refer("shared_network_name", `${f}shared_network`, "name")],
    },
    shares("subnet", "subnet_id", "subnet_id", "subnetId", FOLLOW),
    {
      name: `${f}pool`,
      columns: [
        required("id", "serial"),
        required("start_address", inPool),
        required("end_address", inPool),
        required("subnet_id", "subnetId"),
        ...columnsOf(pool),
        CHANGED,
      ],
      key: ["id"],
      indexes: [BY_TIME],
      foreignKeys: [ofSubnet],
    },
    ...(pdPool === undefined
      ? []
      : [
          {
            name: `${f}pd_pool`,
            columns: [required("id", "serial"), required("subnet_id", "subnetId"), ...columnsOf(pdPool), CHANGED],
            key: ["id"],
            indexes: [BY_TIME],
            foreignKeys: [ofSubnet],
          },
        ]),
  ];
}

export interface ConfigSchema {
  /** Each after what it refers to. */
  readonly tables: readonly SchemaTable[];
  /** What the tables have from the beginning. */
  readonly rows: readonly { readonly table: string; readonly values: readonly (readonly [number, string])[] }[];
  /** Those that refer to tables of reservations, and can be made once these are there. */
  readonly optionTables: readonly SchemaTable[];
  /** From options, whose tables are made with those of reservations. */
  readonly optionKeys: readonly (ForeignKey & { readonly of: string })[];
}

const FAMILIES = [4, 6] as const;

export const CONFIG_SCHEMA: ConfigSchema = {
  tables: [...NAMED.map(({ table }) => table), ...FAMILIES.flatMap(familyTables)],
  rows: NAMED.map(({ table, rows }) => ({ table: table.name, values: [...rows] })),
  optionTables: FAMILIES.map((family) => ({
    name: `dhcp${family}_options_server`,
    columns: [required("option_id", "reference"), required("server_id", "reference"), CHANGED],
    key: ["option_id", "server_id"],
    indexes: [BY_TIME],
    foreignKeys: [
      refer("option_id", `dhcp${family}_options`, "option_id", CASCADE),
      refer("server_id", `dhcp${family}_server`, "id", CASCADE),
    ],
  })),
  optionKeys: FAMILIES.flatMap((family) => {
    const f = `dhcp${family}_`;
    const refers = (column: string, table: string, key: string) => ({
      ...refer(column, `${f}${table}`, key, { ...CASCADE, ...FOLLOW }),
      of: `${f}options`,
    });
    return [
      refers(`${f}subnet_id`, "subnet", "subnet_id"),
      refers("shared_network_name", "shared_network", "name"),
      refers("pool_id", "pool", "id"),
      ...(family === 4 ? [] : [refers("pd_pool_id", "pd_pool", "id")]),
    ];
  }),
};

/** What takes these tables, and those of reservations, once they are made to a version that all others have already. */
export function laterChanges(steps: readonly UpgradeStep[], version: SchemaVersion): readonly SchemaChange[] {
  const { tables, optionTables } = CONFIG_SCHEMA;
  const ofHosts = ["ipv6_reservations", "dhcp4_options", "dhcp6_options"];
  const names = new Set([...[...tables, ...optionTables].map(({ name }) => name), ...ofHosts]);
  return steps
    .filter((step) => step.version <= version)
    .flatMap(({ changes }) => changes.filter(({ table }) => names.has(table)));
}
