/** What moves a daemon's leases to a file and from one, whatever they are kept in. */
import type { ImportCounts } from "../../leases/file/import-leases.ts";
import type { Logger } from "../../log/logger.ts";
import type { DaemonPaths } from "../paths.ts";
import type { ConvertedServer } from "./converter.ts";

export interface MoveParts {
  readonly paths: DaemonPaths;
  readonly log: Logger;
  /** Told of each step. @param unit what is counted */
  onProgress(done: number, total: number, unit: string): void;
  /** Whose file it is; Kea's and ours where it is not set. */
  readonly server?: ConvertedServer | undefined;
}

export interface ImportParts extends MoveParts {
  /** Told of each lease that was not imported. */
  onKept(address: string, kind: "newer" | "refused"): void;
  /** Told, in words, what of another server's file cannot be read or kept. */
  onRemark(what: string): void;
}

/** All reject in words. */
export interface LeaseMover<Config> {
  /** Writes all leases, durably, to a new file: all of it or none. @returns how many */
  export(config: Config, file: string, parts: MoveParts): Promise<number>;
  /** Reads a lease file, with those that Kea's clean-up has left beside it. */
  import(config: Config, file: string, parts: ImportParts): Promise<ImportCounts>;
}
