/** Kea's schemas, by their versions: which we know, and who else does. */

/** As in `schema_version`, without `minor`: it is 2 where this is 22, and 0 in all later ones that we know. */
export type SchemaVersion = number;

/** Kea 2.6's, 22.2: the oldest that we know. */
export const KEA_2_6: SchemaVersion = 22;
const MINOR = 2;

/** The first in which an address may be registered. */
export const REGISTERED_SINCE: SchemaVersion = 29;

/** For which Kea tables are made. */
export type KeaRelease = "2.6" | "3.0";
export const KEA_RELEASES: readonly KeaRelease[] = ["2.6", "3.0"];

/** What one kind of database calls Kea's schemas: they are not counted alike. */
export interface KeaSchemas {
  readonly kea30: SchemaVersion;
  /** The newest that we know: Kea 3.3's. */
  readonly newest: SchemaVersion;
}

export function formatVersion(version: SchemaVersion): string {
  return `${version}.${version === KEA_2_6 ? MINOR : 0}`;
}

/**
 * @param found as in `schema_version`; `undefined` where there is no such table
 * @throws Error in words unless we know it
 */
export function readVersion(found: string | undefined, { newest }: KeaSchemas): SchemaVersion {
  if (found === undefined) {
    throw new Error(`the database has no schema: make it with "db init", or with Kea's kea-admin db-init`);
  }
  const version = Number.parseInt(found, 10);
  if (version >= KEA_2_6 && version <= newest && found === formatVersion(version)) return version;
  const known = `this program knows ${formatVersion(KEA_2_6)} to ${formatVersion(newest)}, those of Kea 2.6 to 3.3`;
  const advice = version <= KEA_2_6 ? "; kea-admin db-upgrade of Kea 2.6 or later brings older ones there" : "";
  throw new Error(`the database has schema ${found}, and ${known}${advice}`);
}
