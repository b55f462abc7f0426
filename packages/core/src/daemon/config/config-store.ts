/** A database of configuration, as a tool reaches it: by the file that names it. */
import type { ConfigDatabase, StoredConfig } from "../../config-database/config-database.ts";
import type { ConfigChanges, TableRoom } from "../../config-database/config-document.ts";

export interface ConfigStore<Config> {
  /** The one of `config-control`. @throws Error in words */
  open(config: Config): Promise<ConfigDatabase>;
  /** As `changesOfConfig`. */
  changesOf(config: Config, given: Readonly<Record<string, unknown>>, tag: string, room: TableRoom): ConfigChanges;
  /** As `documentOfStored`. */
  documentOf(stored: StoredConfig): object;
}
