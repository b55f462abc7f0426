/** A server with a database in Kea's tables of configuration, and rows for it. Tests only. */
import { growingPauses, type RetrySchedule } from "../../base/retry.ts";
import { atOnce } from "../../base/steps.ts";
import type { TreeTypes } from "../../config/edit/config-tree.ts";
import { parseConfig } from "../../config/load/load-config.ts";
import { LeaseDatabase } from "../../config/schema/databases.ts";
import type { ConfigDatabase } from "../../config-database/config-database.ts";
import { ConfigFollower, type StoredFamily } from "../../config-database/config-follower.ts";
import type { TablesOf } from "../../config-database/tables/config-tables.ts";
import type { KeaRelease } from "../../leases/database/kea-schema.ts";
import { type DatabaseSettings, databaseSettings } from "../database-settings.ts";
import type { ConnectionEvent } from "../reconnecting.ts";
import type { HostServer } from "./host-server.ts";

export interface ConfigKind {
  readonly name: string;
  /** Whose tables they are. */
  readonly kea: KeaRelease;
  /** A statement after which changes in the same text are one revision. */
  beginRevision(family: 4 | 6): string;
  /** A statement after which rows in the same text may name others that are not there. */
  readonly withoutForeignKeys: string;
  bytes(hex: string): string;
  /** What a column of addresses is given. */
  ipv4(text: string): string;
  /** An end of a pool of DHCPv6. */
  readonly fourOverSix: string;
  open(
    name: string,
    tables: TablesOf,
    settings: DatabaseSettings,
    schedule: RetrySchedule,
    report: (event: ConnectionEvent) => void,
  ): Promise<ConfigDatabase>;
}

const NAME = "config_database";

const TABLES = [
  ...["options_server", "options", "pool", "subnet_server", "subnet", "shared_network_server", "shared_network"],
  ...["global_parameter_server", "global_parameter", "option_def_server", "option_def"],
  ...[
    "client_class_server",
    "client_class_dependency",
    "client_class_order",
    "client_class",
    "audit",
    "audit_revision",
  ],
];

type Row = Readonly<Record<string, string | number | null>>;

export class ConfigGround {
  readonly kind: ConfigKind;
  /** What the column of `evaluate-additional-classes` is called. */
  readonly additional: string;
  readonly #server: HostServer;

  private constructor(kind: ConfigKind, server: HostServer) {
    this.kind = kind;
    this.additional = kind.kea === "2.6" ? "require_client_classes" : "evaluate_additional_classes";
    this.#server = server;
  }

  static async start(kind: ConfigKind, start: () => Promise<HostServer>): Promise<ConfigGround> {
    const server = await start();
    await server.createDatabase(NAME);
    return new ConfigGround(kind, server);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  open(tables: TablesOf): Promise<ConfigDatabase> {
    const settings = databaseSettings(LeaseDatabase.parse({ ...this.#server.local, name: NAME }));
    return this.kind.open("the database", tables, settings, growingPauses(1), () => {});
  }

  async run(...statements: readonly string[]): Promise<void> {
    await this.#server.query(NAME, statements.join(";\n"));
  }

  /** One revision. */
  change(family: 4 | 6, ...statements: readonly string[]): Promise<void> {
    return this.run(this.kind.beginRevision(family), ...statements);
  }

  async empty(family: 4 | 6): Promise<void> {
    const tables = family === 6 ? ["pd_pool", ...TABLES] : TABLES;
    await this.change(family, ...tables.map((table) => `DELETE FROM dhcp${family}_${table}`));
    await this.run(`DELETE FROM dhcp${family}_audit`, `DELETE FROM dhcp${family}_audit_revision`);
  }

  pool4(id: number, subnet: number, start: string, end: string): string {
    return insert("dhcp4_pool", {
      id,
      start_address: this.kind.ipv4(start),
      end_address: this.kind.ipv4(end),
      subnet_id: subnet,
      modification_ts: "CURRENT_TIMESTAMP",
    });
  }

  /** @param body of the file */
  async follow<T extends TreeTypes>(family: StoredFamily<T>, body: string) {
    const database = await this.open(family.tables);
    const { root } = family.tree.family;
    const file = { file: "kea.conf", text: `{"${root}": {${body}}}` };
    const loaded = parseConfig<T["config"]>(family.tree.family, file, { read: () => "" });
    if (loaded.kind === "refused") throw new Error(JSON.stringify(loaded.faults));
    const check = (config: T["config"]) => family.tree.family.check(config);
    const follower = new ConfigFollower(family, check, database, "Own ", loaded.config);
    const followed = await follower.load(atOnce);
    followed.accept();
    return { ...followed, follower, [Symbol.asyncDispose]: () => database.close() };
  }
}

/** Values are SQL. */
export function insert(table: string, row: Row): string {
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(String).join(", ")})`;
}

/** A row by which something is for all servers. */
export function forAll(link: string, id: number | string): Row {
  return { [link]: id, server_id: 1, modification_ts: "CURRENT_TIMESTAMP" };
}

/** A subnet for all servers. */
export function subnet4(id: number, prefix: string, more: Row = {}): readonly string[] {
  const row = { subnet_id: id, subnet_prefix: `'${prefix}'`, modification_ts: "CURRENT_TIMESTAMP", ...more };
  return [insert("dhcp4_subnet", row), insert("dhcp4_subnet_server", forAll("subnet_id", id))];
}
