/** Scenes whose configuration is in a database, from which both subjects take it. */
import { growingPauses } from "@kotare/core/base/retry";
import type { TreeTypes } from "@kotare/core/config/edit/config-tree";
import { parseConfig } from "@kotare/core/config/load/load-config";
import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { changesOfConfig } from "@kotare/core/config-database/config-document";
import type { StoredFamily } from "@kotare/core/config-database/config-follower";
import { storedConfig4 } from "@kotare/core/config-database/stored-config4";
import { storedConfig6 } from "@kotare/core/config-database/stored-config6";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import type { OptionSpaces } from "@kotare/core/options/option-spaces";
import type { OpenConfig } from "@kotare/core/server/databases/database-source";
import { openMysqlConfig } from "@kotare/mysql/config/open-mysql-config";
import { openPostgresqlConfig } from "@kotare/postgresql/config/open-postgresql-config";
import type { DatabaseServer } from "../subject/database-server.ts";
import type { DhcpConfig, Family, Subject } from "../subject/server.ts";
import { IN_FILE } from "./dhcp4/merge.ts";
import type { Placement } from "./run.ts";

const OPENERS: Readonly<Record<string, OpenConfig>> = { mysql: openMysqlConfig, postgresql: openPostgresqlConfig };

/** Kea 2.6's libraries. */
const LIBRARIES: Readonly<Record<string, string>> = {
  mysql: "libdhcp_mysql_cb.so",
  postgresql: "libdhcp_pgsql_cb.so",
};

/** Whether there are options without a definition. */
function hasUnknown(spaces: OptionSpaces, changes: readonly object[]): boolean {
  const own = changes.filter((change) => "set" in change && change.set === "optionDef") as readonly { entry: Coded }[];
  let isFound = false;
  JSON.stringify(changes, (key, value: unknown) => {
    if (key !== "option-data" && key !== "entry") return value;
    for (const each of (Array.isArray(value) ? value : [value]) as readonly Coded[]) {
      if (each.data === undefined || each.code === undefined) continue;
      const isOwn = own.some(({ entry }) => entry.code === each.code && entry.space === each.space);
      isFound ||= !isOwn && spaces.byCode(each.space, each.code) === undefined;
    }
    return value;
  });
  return isFound;
}

interface Coded {
  readonly code: number;
  readonly space: string;
  readonly data?: string;
}

/** Moves each configuration into a database of its own; one that has no place there stays in its file. */
export class MovedConfig {
  /** How many have been moved. */
  count = 0;
  readonly #databases: DatabaseServer;
  readonly #create: (name: string) => Promise<void>;
  /** Of all: those that share a server have databases of their own. */
  static #made = 0;

  /** @param create makes a database with the tables */
  constructor(databases: DatabaseServer, create: (name: string) => Promise<void>) {
    this.#databases = databases;
    this.#create = create;
  }

  place(subject: Subject, family: Family, config: DhcpConfig): Promise<Placement> {
    return family === 4 ? this.#place(storedConfig4, subject, config) : this.#place(storedConfig6, subject, config);
  }

  async #place<T extends TreeTypes>(
    { tree, tables }: StoredFamily<T>,
    subject: Subject,
    given: DhcpConfig,
  ): Promise<Placement> {
    const { [IN_FILE]: beside = {}, ...config } = given;
    const { root } = tree.family;
    const file = { file: "scene", text: JSON.stringify({ [root]: config }) };
    const loaded = parseConfig<T["config"]>(tree.family, file, { read: () => "" });
    if (loaded.kind === "refused") return { config, under: [] };
    const name = `config${MovedConfig.#made++}`;
    await this.#create(name);
    const settings = this.#databases.settings(name);
    const type = String(settings["type"]);
    const read = databaseSettings(LeaseDatabase.parse(settings));
    const database = await OPENERS[type]!(name, tables, read, growingPauses(), () => {});
    try {
      const { changes, kept, lost } = changesOfConfig(tree, loaded.config, config, "all", database);
      // Kea 2.6 stops at options out of its database that have no definition.
      if (lost.length > 0 || hasUnknown(tree.family.spaces!, changes)) return { config, under: [] };
      await database.change(changes, "a scene");
      this.count++;
      const rest = Object.entries(config).filter(([key]) => kept.some((each) => each === key));
      const isKea = subject !== "kotare";
      // Kea 3 has one library for all that is in a database.
      const library = subject === "kea3" ? this.#databases.keaLibrary : LIBRARIES[type];
      const kea = this.#databases.keaSettings(name);
      const libraries = (config["hooks-libraries"] ?? []) as readonly object[];
      return {
        config: {
          ...Object.fromEntries(rest),
          ...(beside as DhcpConfig),
          "config-control": { "config-databases": [isKea ? kea.settings : settings] },
          ...(isKea ? { "hooks-libraries": [...libraries, { library }] } : {}),
        },
        under: isKea ? kea.under : [],
      };
    } finally {
      await database.close();
    }
  }
}
