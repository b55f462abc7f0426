/** The configuration database that `config-control` names, as a source of configurations. */
import { isDeepStrictEqual } from "node:util";
import type { RetrySchedule } from "../../base/retry.ts";
import { atOnce, atPace } from "../../base/steps.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import type { TreeTypes } from "../../config/edit/config-tree.ts";
import type { ConfigFault } from "../../config/fault.ts";
import type { ConfigDatabase } from "../../config-database/config-database.ts";
import { ConfigFollower, type FollowedConfig, type StoredFamily } from "../../config-database/config-follower.ts";
import type { TablesOf } from "../../config-database/tables/config-tables.ts";
import { type Metric, single } from "../../control/metrics/metric.ts";
import type { ConfigSource } from "../../daemon/config/config-source.ts";
import { type DatabaseConfig, type DatabaseSettings, databaseSettings } from "../../databases/database-settings.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import { configDatabase } from "./config-database-messages.ts";
import { type DatabaseParts, describeDatabase, openDatabase } from "./open-database.ts";

/** How a package opens a database of its kind. Rejects when it cannot be used. */
export type OpenConfig = (
  name: string,
  tables: TablesOf,
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
) => Promise<ConfigDatabase>;

/** Loaded when they are needed. */
export type ConfigKinds = {
  readonly [Kind in Exclude<DatabaseConfig["type"], "memfile" | "file">]: () => Promise<OpenConfig>;
};

const MESSAGES = {
  opened: configDatabase.DHCPSRV_CONFIG_DATABASE_OPENED,
  openFailed: configDatabase.DHCPSRV_CONFIG_DATABASE_OPEN_FAILED,
  lost: configDatabase.DHCPSRV_CONFIG_DATABASE_LOST,
  reconnectFailed: configDatabase.DHCPSRV_CONFIG_DATABASE_RECONNECT_FAILED,
  recovered: configDatabase.DHCPSRV_CONFIG_DATABASE_RECOVERED,
};

/** What says which database it is, and whose. */
export type Controlled = Pick<Dhcp4Config, "config-control" | "server-tag">;

interface Parts<Config> extends DatabaseParts {
  /** Of whole configurations. */
  check(config: Config): readonly ConfigFault[];
}

interface Opened {
  readonly entry: DatabaseConfig;
  readonly database: ConfigDatabase;
}

export class DatabaseSource<T extends TreeTypes & { readonly config: Controlled }>
  implements ConfigSource<T["config"]>
{
  readonly #family: StoredFamily<T>;
  readonly #kinds: ConfigKinds;
  readonly #parts: Parts<T["config"]>;
  #opened: Opened | undefined;
  #follower: ConfigFollower<T> | undefined;
  #isServing = false;
  #interval = 0;
  /** Of rows that are left out now. */
  #faults: readonly string[] = [];
  #failure = "";
  /** When all was had that there is, by `performance.now`. */
  #seen = 0;

  constructor(family: StoredFamily<T>, kinds: ConfigKinds, parts: Parts<T["config"]>) {
    this.#family = family;
    this.#kinds = kinds;
    this.#parts = parts;
  }

  get isUsed(): boolean {
    return this.#follower !== undefined;
  }

  get database(): ConfigDatabase | undefined {
    return this.#opened?.database;
  }

  get interval(): number | undefined {
    return this.#follower === undefined || this.#interval === 0 ? undefined : this.#interval;
  }

  async complete(config: T["config"], meanwhile?: () => Promise<unknown>): Promise<FollowedConfig<T["config"]>> {
    const { "config-control": control, "server-tag": tag } = config;
    const [entry] = control?.["config-databases"] ?? [];
    const former = this.#opened;
    const opened = entry === undefined ? undefined : await this.#open(entry);
    const follower = opened && new ConfigFollower(this.#family, this.#parts.check, opened.database, tag, config);
    try {
      const run = this.#isServing ? atPace : atOnce;
      const followed = (await follower?.load(run, meanwhile)) ?? { config, faults: [], accept: () => {} };
      if (follower === undefined) await meanwhile?.();
      return {
        ...followed,
        accept: () => {
          followed.accept();
          this.#faults = [];
          this.#tell(followed.faults, opened);
          this.#failure = "";
          this.#seen = performance.now();
          this.#isServing = true;
          this.#opened = opened;
          this.#follower = follower;
          this.#interval = 1000 * (control?.["config-fetch-wait-time"] ?? 0);
          if (former !== opened) void former?.database.close();
        },
      };
    } catch (error) {
      if (opened !== former) void opened?.database.close();
      throw new Error(`${opened?.database.name}: ${(error as Error).message}`, { cause: error });
    }
  }

  async pull(current: T["config"]): Promise<FollowedConfig<T["config"]> | undefined> {
    const opened = this.#opened;
    try {
      const followed = await this.#follower?.update(current, atPace);
      this.#failure = "";
      this.#seen = performance.now();
      if (followed !== undefined) this.#tell(followed.faults, opened);
      return followed;
    } catch (error) {
      const { message } = error as Error;
      const database = opened?.database.name ?? "";
      // While it is away that is said once.
      if (message !== this.#failure) {
        this.#parts.log.log(configDatabase.DHCPSRV_CONFIG_PULL_FAILED, { database, error: message });
      }
      this.#failure = message;
      throw error;
    }
  }

  status(): { readonly [key: string]: string | number } | undefined {
    if (this.#opened === undefined) return undefined;
    const { entry, database } = this.#opened;
    const isReady = database.isUp && this.#failure === "";
    return {
      ...(this.#failure === "" ? {} : { error: this.#failure }),
      "left-out": this.#faults.length,
      status: isReady ? "ready" : "failed",
      type: entry.type,
    };
  }

  metrics(): readonly Metric[] {
    const state = this.status();
    if (state === undefined) return [];
    return [
      single(
        "gauge",
        "kotare_config_database_up",
        "1, or 0 while the database of configuration is away or refuses.",
        Number(state["status"] === "ready"),
      ),
      single(
        "gauge",
        "kotare_config_database_age_seconds",
        "Time since all was had that it has.",
        (performance.now() - this.#seen) / 1000,
      ),
      single(
        "gauge",
        "kotare_config_rows_left_out",
        "Rows of it that are wrong and have no effect.",
        this.#faults.length,
      ),
    ];
  }

  async close(): Promise<void> {
    await this.#opened?.database.close();
  }

  /** What the configuration says of again stays open. */
  async #open(entry: DatabaseConfig): Promise<Opened> {
    if (isDeepStrictEqual(this.#opened?.entry, entry)) return this.#opened!;
    const settings = databaseSettings(entry);
    const name = describeDatabase(entry, settings);
    const open = await this.#kinds[entry.type as keyof ConfigKinds]();
    const parts = { ...this.#parts, ...(this.#isServing && { schedule: () => undefined }) };
    const database = await openDatabase(
      entry,
      name,
      (schedule, report) => open(name, this.#family.tables, settings, schedule, report),
      MESSAGES,
      parts,
    );
    return { entry, database };
  }

  /** What has been told stays untold. */
  #tell(faults: readonly string[], opened: Opened | undefined): void {
    const database = opened?.database.name ?? "";
    const told = new Set(this.#faults);
    this.#faults = faults;
    for (const fault of faults.filter((each) => !told.has(each)))
      this.#parts.log.log(configDatabase.DHCPSRV_CONFIG_ROW_INVALID, { database, fault });
  }
}
