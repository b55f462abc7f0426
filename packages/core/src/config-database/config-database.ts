/** A database with parts of the configuration of one server or of many, whatever kind it is. */

import type { Run } from "../base/steps.ts";
import type { ConfigTables } from "./tables/config-tables.ts";

/** What to say where a database has leases only. */
export const NO_CONFIG_TABLES =
  'tables of configuration are made by "db init", or by "db upgrade" where the others are there';

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
  readonly origins: Pick<ReadonlyMap<object, string>, "get">;
  /** The servers that an entry is for; those of subnets and networks are in their `metadata`. */
  readonly tags: ReadonlyMap<object, readonly string[]>;
  /** Rows that there are, whatever is in them: subnets, and networks with their names. */
  readonly subnetIds: ReadonlySet<number>;
  readonly networkIds: ReadonlyMap<number, string>;
  /** Of rows that are no entries: what is wrong, with row, column and value. */
  readonly faults: readonly string[];
}

/** Whose entries are wanted: those of servers by their tags, everybody's, or those that are nobody's. */
export type StoredFor = readonly string[] | "anybody" | "nobody";

/** Which of the subnets and networks are wanted, by their ids, or a subnet by its prefix; all where it is not given. */
export interface StoredSelection {
  readonly subnets: readonly number[] | string;
  readonly networks: readonly number[];
}

/** What an option is of. Pools are known by where they begin and end. */
export type OptionOwner =
  | { readonly scope: "global"; readonly tag: string }
  | { readonly scope: "subnet"; readonly id: number }
  | { readonly scope: "network"; readonly name: string }
  | { readonly scope: "class"; readonly name: string }
  | { readonly scope: "pool"; readonly first: string; readonly last: string }
  | { readonly scope: "pdPool"; readonly prefix: string; readonly length: number };

/** Entries are as the schema gives them, and their options have `code` and `csv-format`. What is there is replaced. */
export type StoredChange =
  | { readonly set: "server"; readonly tag: string; readonly description: string }
  | { readonly set: "global"; readonly name: string; readonly value: unknown; readonly tag: string }
  | { readonly set: "optionDef"; readonly entry: StoredEntry; readonly tag: string }
  | { readonly set: "option"; readonly entry: StoredEntry; readonly owner: OptionOwner }
  /** @param after the class that it follows; where it is not given it stays where it is, or comes last */
  | { readonly set: "class"; readonly entry: StoredEntry; readonly tags: readonly string[]; readonly after?: string }
  | { readonly set: "network"; readonly entry: StoredEntry; readonly tags: readonly string[] }
  /** `shared-network-name` is `null` for none. */
  | { readonly set: "subnet"; readonly entry: StoredEntry; readonly tags: readonly string[] }
  | { readonly remove: "server"; readonly tag: string }
  | { readonly remove: "global"; readonly name: string; readonly tag: string }
  | { readonly remove: "optionDef"; readonly code: number; readonly space: string; readonly tag: string }
  | { readonly remove: "option"; readonly code: number; readonly space: string; readonly owner: OptionOwner }
  | { readonly remove: "class"; readonly name: string }
  | { readonly remove: "network"; readonly name: string; readonly withSubnets: boolean }
  | { readonly remove: "subnet"; readonly id: number };

export interface ConfigDatabase {
  /** For messages: `mysql database kea on 192.0.2.1`. */
  readonly name: string;
  /** What it has columns for. @throws the error that the connection was lost by, while there is none */
  readonly tables: ConfigTables;
  /** Of definitions of options. */
  readonly greatestDefinedCode: number;
  /** Whether there is a connection. */
  readonly isUp: boolean;
  /**
   * Everything that is for some servers, as it was at one moment.
   * @param whose what is for all is for "all" only
   * @param run the reading of rows; beside service if it is not given
   * @param meanwhile what is done while it answers
   */
  load(
    whose: StoredFor,
    selection?: StoredSelection,
    run?: Run,
    meanwhile?: () => Promise<unknown>,
  ): Promise<StoredConfig>;
  /** What has changed after `id`, in order. */
  changesAfter(id: number): Promise<readonly AuditEntry[]>;
  /** Those that it knows, "all" among them. */
  servers(): Promise<readonly { readonly tag: string; readonly description: string }[]>;
  /** Whether something is there that can have options. @param option that it must have */
  hasOwner(owner: OptionOwner, option?: { readonly code: number; readonly space: string }): Promise<boolean>;
  /**
   * Makes changes, all or none, as one revision.
   * @param message of the revision
   * @throws Error in words, where a server is not there, or the tables have no place for something
   */
  change(
    changes: readonly StoredChange[],
    message: string,
    onProgress?: (done: number, total: number) => void,
  ): Promise<void>;
  close(): Promise<void>;
}
