/** What Debian's `kea-admin db-init` makes in a database. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "../top.ts";

const SCRIPTS = join(top, ".cache/debian/root/usr/share/kea/scripts");

/** Kea's scripts are for `psql` and `mysql`: of their own commands the servers know nothing. */
const kinds = {
  PostgreSQL: {
    file: "pgsql/dhcpdb_create.pgsql",
    clean: (script: string) => script.replace(/^\\.*$/gm, ""),
  },
  MariaDB: {
    file: "mysql/dhcpdb_create.mysql",
    clean: (script: string) => script.replace(/^DELIMITER .*$|\\$/gm, "").replace(/;?\s*\$\$/g, ";"),
  },
};

/** A script of many statements; `undefined` when it cannot be had here. */
export function keaSchema(kind: keyof typeof kinds): string | undefined {
  const { file, clean } = kinds[kind];
  const path = join(SCRIPTS, file);
  return existsSync(path) ? clean(readFileSync(path, "utf8")) : undefined;
}
