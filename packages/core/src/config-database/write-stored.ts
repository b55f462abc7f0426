/** The statements that change the configuration in Kea's tables. */
import { ipv4Text, ipv6Text } from "../config/check/address-text.ts";
import { writeOption } from "../hosts/sql/host-rows.ts";
import type { SqlDialect } from "../hosts/sql/sql-dialect.ts";
import { join, list, literal, type SqlStatement, sql } from "../hosts/sql/sql-statement.ts";
import type { OptionDataEntry } from "../options/compile-entry.ts";
import type { OptionOwner, StoredChange, StoredEntry } from "./config-database.ts";
import { type WrittenColumn, writeColumns } from "./tables/config-column.ts";
import { type ConfigTables, OptionScope } from "./tables/config-tables.ts";
import { endsOf, globalText, isLike, number, numberOfType, text, typeOf, written } from "./tables/written-columns.ts";

const NOW = sql`CURRENT_TIMESTAMP`;

/** The classes that the test of a class asks for. */
export function membersIn({ test }: StoredEntry): readonly string[] {
  return [...String(test ?? "").matchAll(/member\s*\(\s*'([^']*)'\s*\)/g)].map(([, member]) => member!);
}

/** Of a change, what must be there: the servers that it names. */
export function tagsOf(change: StoredChange): readonly string[] {
  if ("tags" in change) return change.tags;
  if ("owner" in change) return change.owner.scope === "global" ? [change.owner.tag] : [];
  return "tag" in change && !("set" in change && change.set === "server") ? [change.tag] : [];
}

/** What is for one server each: tables, their ids, and what the tables of their servers call these. */
const OWNED = [
  ["global_parameter", "id", "parameter_id"],
  ["option_def", "id", "option_def_id"],
  ["options", "option_id", "option_id"],
] as const;

export class StoredWriter {
  readonly #tables: ConfigTables;
  readonly #dialect: SqlDialect<never>;
  /** What the names of tables begin with. */
  readonly #f: string;

  constructor(tables: ConfigTables, dialect: SqlDialect<never>) {
    this.#tables = tables;
    this.#dialect = dialect;
    this.#f = `dhcp${tables.family}_`;
  }

  /** What comes before all others of a transaction. @param tag of the server that the changes are for */
  beginRevision(tag: string, message: string): SqlStatement {
    const [who, what] = [literal("text", tag), literal("text", message)];
    const name = `createAuditRevisionDHCP${this.#tables.family}`;
    return sql`${this.#dialect.call} ${name}(${NOW}, ${who}, ${what}, ${literal("boolean", true)})`;
  }

  /** @throws Error in words, where there is no column for something */
  write(change: StoredChange): readonly SqlStatement[] {
    return "set" in change ? this.#set(change) : this.#remove(change);
  }

  /** As `ConfigDatabase.hasOwner`. */
  findOwner(owner: OptionOwner, option?: { readonly code: number; readonly space: string }): SqlStatement {
    if (option !== undefined) {
      const which = [...scoped(owner), number("code", option.code), text("space", option.space)];
      return sql`SELECT 1 FROM ${this.#f}options WHERE ${isLike([...which, ...this.#ownerOf(owner)])}`;
    }
    const find = (table: string, where: SqlStatement) => sql`SELECT 1 FROM ${this.#f}${table} AS p WHERE ${where}`;
    switch (owner.scope) {
      case "global":
        return find("server", isLike([text("tag", owner.tag)]));
      case "subnet":
        return find("subnet", isLike([number("subnet_id", owner.id)]));
      case "network":
        return find("shared_network", isLike([text("name", owner.name)]));
      case "class":
        return find("client_class", isLike([text("name", owner.name)]));
      default:
        return find(owner.scope === "pool" ? "pool" : "pd_pool", this.#isPool(owner));
    }
  }

  #set(change: Extract<StoredChange, { set: string }>): readonly SqlStatement[] {
    switch (change.set) {
      case "server":
        return this.#upsert("server", text("tag", change.tag), [
          text("tag", change.tag),
          text("description", change.description),
        ]);
      case "global": {
        const { name, value, tag } = change;
        const fields = [text("name", name), text("value", globalText(value)), number("parameter_type", typeOf(value))];
        return [
          ...this.#remove({ remove: "global", name, tag }),
          this.#insert("global_parameter", fields),
          this.#own("global_parameter", "id", "parameter_id", [text("name", name)], tag),
        ];
      }
      case "optionDef":
        return this.#setDefinition(change.entry, change.tag);
      case "option":
        return this.#setOption(change.entry, change.owner);
      case "class":
        return this.#setClass(change);
      case "network":
        return this.#setNetwork(change.entry, change.tags);
      case "subnet":
        return this.#setSubnet(change.entry, change.tags);
    }
  }

  #remove(change: Extract<StoredChange, { remove: string }>): readonly SqlStatement[] {
    switch (change.remove) {
      case "server":
        return [
          ...OWNED.map(([table, id, link]) => this.#disown(table, id, link, [], change.tag)),
          this.#delete("server", [text("tag", change.tag)]),
        ];
      case "global":
        return [this.#disown("global_parameter", "id", "parameter_id", [text("name", change.name)], change.tag)];
      case "optionDef": {
        const which = [number("code", change.code), text("space", change.space)];
        return [this.#disown("option_def", "id", "option_def_id", which, change.tag)];
      }
      case "option":
        return [this.#deleteOption(change.code, change.space, change.owner)];
      case "class":
        return [this.#delete("client_class", [text("name", change.name)])];
      case "network":
        return [
          ...(change.withSubnets ? [this.#delete("subnet", [text("shared_network_name", change.name)])] : []),
          this.#delete("shared_network", [text("name", change.name)]),
        ];
      case "subnet":
        return [this.#delete("subnet", [number("subnet_id", change.id)])];
    }
  }

  #setNetwork(entry: StoredEntry, tags: readonly string[]): readonly SqlStatement[] {
    const name = text("name", String(entry["name"]));
    const fields = [name, ...writeColumns(this.#tables.network, entry, this.#dialect)];
    return [
      ...this.#upsert("shared_network", name, fields),
      ...this.#link("shared_network", "id", "shared_network_id", name, tags),
      this.#delete("options", [
        number("scope_id", OptionScope.network),
        text("shared_network_name", String(entry["name"])),
      ]),
      ...optionsOf(entry).map((option) =>
        this.#insertOption(option, { scope: "network", name: String(entry["name"]) }),
      ),
    ];
  }

  #setSubnet(entry: StoredEntry, tags: readonly string[]): readonly SqlStatement[] {
    const id = Number(entry["id"]);
    const key = number("subnet_id", id);
    const network = entry["shared-network-name"] as string | null | undefined;
    const fields = [
      key,
      text("subnet_prefix", String(entry["subnet"])),
      { name: "shared_network_name", value: sql`${literal("text", network ?? null)}` },
      ...writeColumns(this.#tables.subnet, entry, this.#dialect),
    ];
    const samePrefix = text("subnet_prefix", String(entry["subnet"])).value;
    return [
      sql`DELETE FROM ${this.#f}subnet WHERE subnet_prefix = ${samePrefix} AND subnet_id <> ${key.value}`,
      ...this.#upsert("subnet", key, fields),
      ...this.#link("subnet", "subnet_id", "subnet_id", key, tags),
      this.#delete("pool", [key]),
      ...(this.#tables.pdPool === undefined ? [] : [this.#delete("pd_pool", [key])]),
      this.#delete("options", [number("scope_id", OptionScope.subnet), number(`${this.#f}subnet_id`, id)]),
      ...optionsOf(entry).map((option) => this.#insertOption(option, { scope: "subnet", id })),
      ...((entry["pools"] ?? []) as readonly StoredEntry[]).flatMap((pool) => this.#insertPool(pool, key)),
      ...((entry["pd-pools"] ?? []) as readonly StoredEntry[]).flatMap((pool) => this.#insertPdPool(pool, key)),
    ];
  }

  #insertPool(pool: StoredEntry, subnet: WrittenColumn): readonly SqlStatement[] {
    const range = String(pool["pool"]);
    const { first, last } = this.#tables.family === 4 ? endsOf(ipv4Text, range) : endsOf(ipv6Text, range);
    const fields = [...this.#ends(first, last), subnet, ...writeColumns(this.#tables.pool, pool, this.#dialect)];
    return [
      this.#insert("pool", fields),
      ...optionsOf(pool).map((option) => this.#insertOption(option, { scope: "pool", first, last })),
    ];
  }

  #insertPdPool(pool: StoredEntry, subnet: WrittenColumn): readonly SqlStatement[] {
    const fields = [subnet, ...writeColumns(this.#tables.pdPool!, pool, this.#dialect)];
    const owner = { scope: "pdPool", prefix: String(pool["prefix"]), length: Number(pool["prefix-len"]) } as const;
    return [this.#insert("pd_pool", fields), ...optionsOf(pool).map((option) => this.#insertOption(option, owner))];
  }

  #ends(first: string, last: string): readonly WrittenColumn[] {
    const as = this.#tables.family === 4 ? "address4" : "pool6";
    const column = (name: string, address: string) => ({
      name,
      value: this.#dialect.store(as, sql`${literal("text", address)}`),
    });
    return [column("start_address", first), column("end_address", last)];
  }

  #setDefinition(entry: StoredEntry, tag: string): readonly SqlStatement[] {
    const [code, space] = [Number(entry["code"]), String(entry["space"])];
    return [
      ...this.#remove({ remove: "optionDef", code, space, tag }),
      this.#insert("option_def", this.#definition(entry)),
      this.#own("option_def", "id", "option_def_id", [number("code", code), text("space", space)], tag),
    ];
  }

  #definition(entry: StoredEntry): readonly WrittenColumn[] {
    const records = String(entry["record-types"] ?? "");
    const types = records === "" ? [] : records.split(",").map((type) => numberOfType(type.trim()));
    return [
      number("code", Number(entry["code"])),
      text("name", String(entry["name"])),
      text("space", String(entry["space"])),
      number("type", numberOfType(String(entry["type"]))),
      { name: "is_array", value: sql`${literal("boolean", entry["array"] === true)}` },
      text("encapsulate", String(entry["encapsulate"] ?? "")),
      { name: "record_types", value: sql`${literal("text", types.length === 0 ? null : JSON.stringify(types))}` },
      ...writeColumns([{ key: "user-context", name: "user_context", kind: "context" }], entry, this.#dialect),
    ];
  }

  #setClass({ entry, tags, after }: Extract<StoredChange, { set: "class" }>): readonly SqlStatement[] {
    const name = String(entry["name"]);
    const key = text("name", name);
    const members = membersIn(entry);
    const isKnown = members.some((member) => member === "KNOWN" || member === "UNKNOWN");
    const fields = [
      key,
      ...writeColumns(this.#tables.class, entry, this.#dialect),
      { name: "depend_on_known_directly", value: sql`${literal("boolean", isKnown)}` },
      { name: "follow_class_name", value: sql`${literal("text", after ?? null)}` },
    ];
    const self = sql`SELECT c.id FROM ${this.#f}client_class AS c WHERE c.name = ${key.value}`;
    const definitions = (entry["option-def"] ?? []) as readonly StoredEntry[];
    return [
      ...this.#upsert("client_class", key, fields),
      ...this.#link("client_class", "id", "class_id", key, tags),
      sql`DELETE FROM ${this.#f}client_class_dependency WHERE class_id IN (${self})`,
      ...(members.length === 0
        ? []
        : [
            sql`INSERT INTO ${this.#f}client_class_dependency (class_id, dependency_id)
              SELECT c.id, o.id FROM ${this.#f}client_class AS c, ${this.#f}client_class AS o
              WHERE c.name = ${key.value} AND o.name IN ${list("text", members)}`,
          ]),
      this.#delete("options", [number("scope_id", OptionScope.class), text("dhcp_client_class", name)]),
      ...optionsOf(entry).map((option) => this.#insertOption(option, { scope: "class", name })),
      sql`DELETE FROM ${this.#f}option_def WHERE class_id IN (${self})`,
      ...definitions.map((each) =>
        this.#insert("option_def", [...this.#definition(each), { name: "class_id", value: sql`(${self})` }]),
      ),
    ];
  }

  #setOption(entry: StoredEntry, owner: OptionOwner): readonly SqlStatement[] {
    const [code, space] = [Number(entry["code"]), String(entry["space"])];
    const isGlobal = owner.scope === "global";
    return [
      this.#deleteOption(code, space, owner, this.#classesOf(entry)),
      this.#insertOption(entry, owner),
      ...(isGlobal
        ? [
            this.#own(
              "options",
              "option_id",
              "option_id",
              [...scoped(owner), number("code", code), text("space", space)],
              owner.tag,
            ),
          ]
        : [this.#touch(owner)]),
    ];
  }

  /** The column by which two options of one code differ. */
  #classesOf(entry: StoredEntry): readonly WrittenColumn[] {
    const fields = writeOption(entry as OptionDataEntry, "", this.#tables);
    return fields.filter(({ name }) => name === "client_classes").map(written);
  }

  /** @param more of its columns */
  #deleteOption(code: number, space: string, owner: OptionOwner, more: readonly WrittenColumn[] = []): SqlStatement {
    const which = [...scoped(owner), number("code", code), text("space", space), ...more];
    if (owner.scope === "global") return this.#disown("options", "option_id", "option_id", which, owner.tag);
    return sql`DELETE FROM ${this.#f}options WHERE ${isLike([...which, ...this.#ownerOf(owner)])}`;
  }

  #insertOption(entry: StoredEntry, owner: OptionOwner): SqlStatement {
    const space = this.#f.slice(0, -1);
    const fields = writeOption(entry as OptionDataEntry, space, this.#tables, OptionScope[owner.scope]);
    return this.#insert("options", [...fields.map(written), ...this.#ownerOf(owner)]);
  }

  /** The columns by which an option knows what it is of. */
  #ownerOf(owner: OptionOwner): readonly WrittenColumn[] {
    switch (owner.scope) {
      case "global":
        return [];
      case "subnet":
        return [number(`${this.#f}subnet_id`, owner.id)];
      case "network":
        return [text("shared_network_name", owner.name)];
      case "class":
        return [text("dhcp_client_class", owner.name)];
      case "pool":
        return [{ name: "pool_id", value: sql`(SELECT p.id FROM ${this.#f}pool AS p WHERE ${this.#isPool(owner)})` }];
      case "pdPool":
        return [
          { name: "pd_pool_id", value: sql`(SELECT p.id FROM ${this.#f}pd_pool AS p WHERE ${this.#isPool(owner)})` },
        ];
    }
  }

  #isPool(owner: Extract<OptionOwner, { scope: "pool" | "pdPool" }>): SqlStatement {
    if (owner.scope === "pool") return isLike(this.#ends(owner.first, owner.last));
    return isLike([text("prefix", owner.prefix), number("prefix_length", owner.length)]);
  }

  /** What an option is of has changed with it: servers look for subnets, networks and classes only. */
  #touch(owner: Exclude<OptionOwner, { scope: "global" }>): SqlStatement {
    const touch = (table: string, where: SqlStatement) =>
      sql`UPDATE ${this.#f}${table} SET modification_ts = ${NOW} WHERE ${where}`;
    switch (owner.scope) {
      case "subnet":
        return touch("subnet", isLike([number("subnet_id", owner.id)]));
      case "network":
        return touch("shared_network", isLike([text("name", owner.name)]));
      case "class":
        return touch("client_class", isLike([text("name", owner.name)]));
      default: {
        const table = owner.scope === "pool" ? "pool" : "pd_pool";
        return touch(
          "subnet",
          sql`subnet_id IN (SELECT p.subnet_id FROM ${this.#f}${table} AS p WHERE ${this.#isPool(owner)})`,
        );
      }
    }
  }

  #insert(table: string, fields: readonly WrittenColumn[], where: SqlStatement = sql``): SqlStatement {
    const all = [...fields, { name: "modification_ts", value: NOW }];
    return sql`INSERT INTO ${this.#f}${table} (${all.map(({ name }) => name).join(", ")})
      SELECT ${join(
        all.map(({ value }) => value),
        ", ",
      )} FROM (SELECT 1 AS one) AS d ${where}`;
  }

  /** @param key is among the fields, and belongs to one row */
  #upsert(table: string, key: WrittenColumn, fields: readonly WrittenColumn[]): readonly SqlStatement[] {
    const sets = [...fields, { name: "modification_ts", value: NOW }].map(({ name, value }) => sql`${name} = ${value}`);
    const others = sql`SELECT 1 FROM ${this.#f}${table} AS o WHERE o.${key.name} = ${key.value}`;
    return [
      sql`UPDATE ${this.#f}${table} SET ${join(sets, ", ")} WHERE ${isLike([key])}`,
      this.#insert(table, fields, sql`WHERE NOT EXISTS (${others})`),
    ];
  }

  /** Gives something that servers share to these, and to nobody else. */
  #link(table: string, id: string, link: string, key: WrittenColumn, tags: readonly string[]): readonly SqlStatement[] {
    const which = sql`SELECT t.${id} FROM ${this.#f}${table} AS t WHERE t.${key.name} = ${key.value}`;
    return [
      sql`DELETE FROM ${this.#f}${table}_server WHERE ${link} IN (${which})`,
      sql`INSERT INTO ${this.#f}${table}_server (${link}, server_id, modification_ts)
        SELECT t.${id}, s.id, ${NOW} FROM ${this.#f}${table} AS t, ${this.#f}server AS s
        WHERE t.${key.name} = ${key.value} AND s.tag IN ${list("text", tags)}`,
    ];
  }

  /** Gives what has just been made, and is nobody's, to one server. */
  #own(table: string, id: string, link: string, which: readonly WrittenColumn[], tag: string): SqlStatement {
    return sql`INSERT INTO ${this.#f}${table}_server (${link}, server_id, modification_ts)
      SELECT t.${id}, s.id, ${NOW} FROM ${this.#f}${table} AS t, ${this.#f}server AS s
      WHERE ${isLike(which, "t.")} AND s.tag = ${literal("text", tag)}
        AND NOT EXISTS (SELECT 1 FROM ${this.#f}${table}_server AS x WHERE x.${link} = t.${id})`;
  }

  #disown(table: string, id: string, link: string, which: readonly WrittenColumn[], tag: string): SqlStatement {
    const like = which.length === 0 ? sql`1 = 1` : isLike(which);
    return sql`DELETE FROM ${this.#f}${table} WHERE ${like} AND ${id} IN
      (SELECT x.${link} FROM ${this.#f}${table}_server AS x JOIN ${this.#f}server AS s ON s.id = x.server_id
        WHERE s.tag = ${literal("text", tag)})`;
  }

  #delete(table: string, which: readonly WrittenColumn[]): SqlStatement {
    return sql`DELETE FROM ${this.#f}${table} WHERE ${isLike(which)}`;
  }
}

function scoped({ scope }: OptionOwner): readonly WrittenColumn[] {
  return [number("scope_id", OptionScope[scope])];
}

function optionsOf(entry: StoredEntry): readonly StoredEntry[] {
  return (entry["option-data"] ?? []) as readonly StoredEntry[];
}
