/** A database with parts of the configuration of one server or of many, whatever kind it is. */

/** What to say where a database has leases only. */
export const NO_CONFIG_TABLES = "tables of configuration are made by kea-admin db-init";

/** A map as Kea has it in a file. */
export type StoredEntry = Readonly<Record<string, unknown>>;

/** Something changed in the database. */
export interface AuditEntry {
  /** Greater than those before it; where two change at the same time, the lesser one may show later. */
  readonly id: number;
  /** The table without its family: `subnet`, `shared_network`, `global_parameter`, … */
  readonly table: string;
  /** Of what has changed. */
  readonly objectId: number;
}

/** What there is for one server. Entries are in the order of their ids, classes in the order in which they count. */
export interface StoredConfig {
  /** The ids of the last changes that are in it, the latest first. */
  readonly changes: readonly number[];
  /** Maps with `name` and `value`; `dhcp-ddns.enable-updates` is a key in a map. */
  readonly globals: readonly StoredEntry[];
  readonly optionDefs: readonly StoredEntry[];
  readonly options: readonly StoredEntry[];
  readonly classes: readonly StoredEntry[];
  readonly networks: readonly StoredEntry[];
  /** With `shared-network-name`, which is `null` for those that are in none. */
  readonly subnets: readonly StoredEntry[];
  /** The rows that entries and the maps inside of them are: `dhcp4_pool.id 7`. */
  readonly origins: ReadonlyMap<object, string>;
  /** Rows that there are, whatever is in them: subnets, and networks with their names. */
  readonly subnetIds: ReadonlySet<number>;
  readonly networkIds: ReadonlyMap<number, string>;
  /** Of rows that are no entries: what is wrong, with row, column and value. */
  readonly faults: readonly string[];
}

/** Which of the subnets and networks are wanted, by their ids; all where it is not given. */
export interface StoredSelection {
  readonly subnets: readonly number[];
  readonly networks: readonly number[];
}

export interface ConfigDatabase {
  /** For messages: `mysql database kea on 192.0.2.1`. */
  readonly name: string;
  /** Whether there is a connection. */
  readonly isUp: boolean;
  /**
   * Everything that is for a server, as it was at one moment.
   * @param tag of the server; what is for all of them is for it, too
   */
  load(tag: string, selection?: StoredSelection): Promise<StoredConfig>;
  /** What has changed after `id`, in order. */
  changesAfter(id: number): Promise<readonly AuditEntry[]>;
  close(): Promise<void>;
}
