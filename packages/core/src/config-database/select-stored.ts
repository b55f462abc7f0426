/** The statements that read the configuration of one server: one for each table, each row one JSON array. */
import { optionColumns } from "../hosts/sql/host-rows.ts";
import type { SqlDialect } from "../hosts/sql/sql-dialect.ts";
import { join, list, literal, type SqlStatement, sql } from "../hosts/sql/sql-statement.ts";
import type { StoredFor, StoredSelection } from "./config-database.ts";
import { selectColumn } from "./tables/config-column.ts";
import { type ConfigTables, OptionScope } from "./tables/config-tables.ts";

/** What belongs to servers: its table, its id, and what the table of its servers calls that. */
const TAGGED = {
  subnet: ["subnet", "subnet_id", "subnet_id"],
  network: ["shared_network", "id", "shared_network_id"],
  global: ["global_parameter", "id", "parameter_id"],
  optionDef: ["option_def", "id", "option_def_id"],
  option: ["options", "option_id", "option_id"],
  class: ["client_class", "id", "class_id"],
} as const;

/** What is for all servers. */
export const ALL_SERVERS = "all";

/**
 * An id is given when a change begins, and shows when it is committed: lesser ones may come after greater ones. So many may
 * be under way at a time.
 */
export const KEPT_CHANGES = 1000;

/**
 * The rows of each begin with what `readStored` expects there. Of subnets and pools, which are many, a second column has what
 * most of them say alike.
 */
export type StoredSelect =
  | "changes"
  | "globals"
  | "optionDefs"
  | "options"
  | "classes"
  | "networks"
  | "subnets"
  | "pools"
  | "pdPools"
  | "classOptionDefs"
  | "inner";

interface SelectOptions {
  readonly more?: string;
  readonly ids?: readonly number[] | string | undefined;
  readonly alike?: readonly string[];
}

export function selectStored(
  tables: ConfigTables,
  dialect: SqlDialect<never>,
  whose: StoredFor,
  selection: StoredSelection | undefined,
): Readonly<Record<StoredSelect, SqlStatement>> {
  const f = `dhcp${tables.family}_`;

  /** NULL where it says nothing, as most do: to make an array of thirty NULLs takes longer than all the rest of a row. */
  const alikeRow = (columns: readonly string[]) => {
    const isNothing = columns.map((column) => `${column} IS NULL`).join(" AND ");
    return `CASE WHEN ${isNothing} THEN NULL ELSE ${dialect.jsonRow(columns)} END`;
  };
  const among = (column: string, ids: readonly number[] | string | undefined): SqlStatement => {
    if (ids === undefined) return sql`1 = 1`;
    if (typeof ids === "string") {
      return sql`${column} IN (SELECT y.subnet_id FROM ${f}subnet AS y WHERE y.subnet_prefix = ${literal("text", ids)})`;
    }
    return ids.length === 0 ? sql`1 = 0` : sql`${column} IN ${list("number", ids)}`;
  };
  /**
   * A table that belongs to servers: the id, the tags of its servers, and columns. The servers of all rows are found at once,
   * which for ten thousand takes a third of the time.
   * @param ids of the rows that are wanted @param alike in a text of their own
   */
  const select = (
    kind: keyof typeof TAGGED,
    columns: readonly string[],
    where: SqlStatement,
    { more = "", ids, alike }: SelectOptions = {},
  ) => {
    const [table, id, link] = TAGGED[kind];
    const row = dialect.jsonRow([`t.${id}`, "g.tags", ...columns]);
    const rest = alike === undefined ? "" : `, ${alikeRow(alike)}`;
    const isTheirs =
      typeof whose === "string"
        ? ""
        : sql` HAVING MAX(CASE WHEN s.tag IN ${list("text", whose)} THEN 1 ELSE 0 END) = 1`;
    const servers = sql`SELECT x.${link} AS owner, ${dialect.jsonText(dialect.jsonRows(["s.tag"]))} AS tags
      FROM ${f}${table}_server AS x JOIN ${f}server AS s ON s.id = x.server_id
      WHERE ${among(`x.${link}`, ids)} GROUP BY x.${link}${isTheirs}`;
    const how = typeof whose === "string" ? "LEFT JOIN" : "JOIN";
    const isNobodys = whose === "nobody" ? sql`g.owner IS NULL` : sql`1 = 1`;
    return sql`SELECT ${row}${rest} FROM ${f}${table} AS t ${more} ${how} (${servers}) AS g ON g.owner = t.${id}
      WHERE ${isNobodys} AND ${among(`t.${id}`, ids)} AND ${where}`;
  };
  const columnsOf = (columns: ConfigTables["subnet"]) => columns.map((each) => selectColumn(each, dialect));

  const subnets = among("t.subnet_id", selection?.subnets);
  const ofPool = tables.family === 4 ? dialect.ipv4 : dialect.poolAddress6;
  const poolRow = ["t.subnet_id", "t.id", ofPool("t.start_address"), ofPool("t.end_address")];
  const pdPoolRow = tables.pdPool && ["t.subnet_id", "t.id", ...columnsOf(tables.pdPool)];
  const definition = ["t.code", "t.name", "t.space", "t.type", "t.is_array", "t.encapsulate", "t.record_types"];
  const context = dialect.jsonText("t.user_context");
  const order = `JOIN ${f}client_class_order AS o ON o.class_id = t.id`;
  const scopes = [OptionScope.class, OptionScope.network, OptionScope.subnet, OptionScope.pool, OptionScope.pdPool];
  const owner = [
    ...["t.scope_id", "t.dhcp_client_class", "t.shared_network_name", `t.${f}subnet_id`, "t.pool_id"],
    tables.family === 4 ? "NULL" : "t.pd_pool_id",
  ];
  return {
    changes: sql`SELECT a.id FROM ${f}audit AS a ORDER BY a.id DESC LIMIT ${literal("number", KEPT_CHANGES)}`,
    globals: select("global", ["t.name", "t.value", "t.parameter_type"], sql`1 = 1`),
    optionDefs: select("optionDef", [...definition, context], sql`t.class_id IS NULL`),
    options: select(
      "option",
      optionColumns(dialect, "t", tables.hasOptionClasses),
      sql`t.scope_id = ${literal("number", OptionScope.global)}`,
    ),
    classes: select("class", ["o.order_index", "t.name", ...columnsOf(tables.class)], sql`1 = 1`, { more: order }),
    networks: select("network", ["t.name", ...columnsOf(tables.network)], sql`1 = 1`, {
      ids: selection?.networks,
    }),
    subnets: select("subnet", ["t.subnet_prefix", "t.shared_network_name"], sql`1 = 1`, {
      ids: selection?.subnets,
      alike: columnsOf(tables.subnet),
    }),
    pools: sql`SELECT ${dialect.jsonRow(poolRow)}, ${alikeRow(columnsOf(tables.pool))} FROM ${f}pool AS t
      WHERE ${subnets}`,
    pdPools:
      pdPoolRow === undefined
        ? sql`SELECT 1 FROM ${f}pool WHERE 1 = 0`
        : sql`SELECT ${dialect.jsonRow(pdPoolRow)} FROM ${f}pd_pool AS t WHERE ${subnets}`,
    classOptionDefs: sql`SELECT ${dialect.jsonRow(["t.class_id", "t.id", ...definition, context])}
      FROM ${f}option_def AS t WHERE t.class_id IS NOT NULL`,
    inner: sql`SELECT ${dialect.jsonRow([...owner, ...optionColumns(dialect, "t", tables.hasOptionClasses)])} FROM ${f}options AS t
      WHERE t.scope_id IN ${list("number", scopes)} AND ${inSelection(f, tables, selection, among)}`,
  };
}

/** Of options inside of subnets and networks, those that are wanted. */
function inSelection(
  f: string,
  tables: ConfigTables,
  selection: StoredSelection | undefined,
  among: (column: string, ids: readonly number[] | string | undefined) => SqlStatement,
): SqlStatement {
  if (selection === undefined) return sql`1 = 1`;
  const inTable = (column: string, key: string, table: string, where: SqlStatement) =>
    sql`${column} IN (SELECT w.${key} FROM ${f}${table} AS w WHERE ${where})`;
  const subnets = among("w.subnet_id", selection.subnets);
  const conditions = [
    sql`t.scope_id = ${literal("number", OptionScope.class)}`,
    among(`t.${f}subnet_id`, selection.subnets),
    inTable("t.shared_network_name", "name", "shared_network", among("w.id", selection.networks)),
    inTable("t.pool_id", "id", "pool", subnets),
    ...(tables.pdPool === undefined ? [] : [inTable("t.pd_pool_id", "id", "pd_pool", subnets)]),
  ];
  return sql`(${join(conditions, " OR ")})`;
}
