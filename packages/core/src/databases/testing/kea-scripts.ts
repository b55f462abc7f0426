/** What Kea's own `kea-admin db-init` makes in a database. Tests only. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KeaRelease } from "../../leases/database/kea-schema.ts";

/** Kea's scripts are for `psql` and `mysql`: of their own commands the servers know nothing. */
const KINDS = {
  PostgreSQL: {
    file: "pgsql/dhcpdb_create.pgsql",
    clean: (script: string) => script.replace(/^\\.*$/gm, ""),
  },
  MariaDB: {
    file: "mysql/dhcpdb_create.mysql",
    clean: (script: string) => script.replace(/^DELIMITER .*$|\\$/gm, "").replace(/;?\s*\$\$/g, ";"),
  },
};

const ROOTS: Readonly<Record<KeaRelease, string>> = { "2.6": "root", "3.0": "kea3" };

/**
 * A script of many statements; `undefined` when it cannot be had here.
 * @param top of the repository, for callers that are bundled
 */
export function keaSchema(
  kind: keyof typeof KINDS,
  kea: KeaRelease,
  top = join(import.meta.dirname, "../../../../.."),
): string | undefined {
  const { file, clean } = KINDS[kind];
  const path = join(top, ".cache/debian", ROOTS[kea], "usr/share/kea/scripts", file);
  return existsSync(path) ? clean(readFileSync(path, "utf8")) : undefined;
}
