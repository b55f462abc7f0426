/** What the contracts of host databases ask of a server of their kind. */
import type { KeaRelease } from "../../leases/database/kea-schema.ts";

/** A server of the kind, started for these tests. */
export interface HostServer {
  /** `type`, the socket, and who gets in by it. */
  readonly local: object;
  /** A new database with the schema for Kea 2.6, unless another is wanted. */
  createDatabase(name: string, kea?: KeaRelease): Promise<void>;
  query(name: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}
