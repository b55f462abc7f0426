/** What `db` asks of the packages that know a kind of database. */
import type { KeaRelease } from "../leases/database/kea-schema.ts";
import type { OnCounted } from "./check-schema.ts";
import type { DatabaseSettings } from "./database-settings.ts";
import type { PlannedStep } from "./plan-upgrade.ts";

/** What can be done to a database. All reject in words. What changes tables waits for others who do, until these have closed. */
export interface DatabaseAdmin {
  /** Kea's version of the schema, such as `22.2`; `undefined` when there is none. */
  version(): Promise<string | undefined>;
  /** Makes the schema in an empty database. */
  init(kea: KeaRelease): Promise<void>;
  /** Adds what is ours and missing; Kea's tables are left alone. */
  upgrade(): Promise<void>;
  /** What takes Kea's tables to Kea 3.0's schema, each step after the one before; nothing where they have it. */
  planKea30(): Promise<readonly PlannedStep[]>;
  /** One sentence for each thing that is not as it must be. @param onCounted called after each count of all leases */
  check(onCounted?: OnCounted): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type OpenAdmin = (settings: DatabaseSettings) => Promise<DatabaseAdmin>;
