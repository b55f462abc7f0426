/** Files are named after what they hold. */
import { basename } from "node:path";
import type { Rule } from "../source-files.ts";

/** Words that say nothing, or that collect what has no place. */
const FORBIDDEN = /^(utils?|helpers?|common|misc|managers?)$/;
/** The one table of a folder may be its index. */
const TABLES = new Set([
  "apps/dhcp4d/src/handlers/index.ts",
  "packages/core/src/dhcp4/options/index.ts",
  "packages/core/src/dhcp6/options/index.ts",
]);

/** Files that stand in for headers of another system have their names. */
const HEADERS = /^packages\/netio\/native\/headers-/;

export const names: Rule = (files) =>
  files.flatMap(({ path }) => {
    if (!/\.(tsx?|mjs|c|h)$/.test(path) || TABLES.has(path) || HEADERS.test(path)) return [];
    const stem = basename(path).split(".")[0]!;
    const fault = (what: string) => [{ path, line: 0, what }];
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) return fault("file names are in kebab-case");
    if (stem === "index") return fault("only a table may be called index");
    const word = path.split(/[/.-]/).find((part) => FORBIDDEN.test(part));
    return word === undefined ? [] : fault(`'${word}' says nothing: name the file after what it holds`);
  });
