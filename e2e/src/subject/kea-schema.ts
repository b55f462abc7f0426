/** What Debian's `kea-admin db-init` makes in a database. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "../top.ts";

const PGSQL = join(top, ".cache/debian/root/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql");

/** For PostgreSQL; `undefined` when it cannot be had here. */
export function keaPgsqlSchema(): string | undefined {
  if (!existsSync(PGSQL)) return undefined;
  // Of `psql`'s own commands the server knows nothing.
  return readFileSync(PGSQL, "utf8").replace(/^\\.*$/gm, "");
}
