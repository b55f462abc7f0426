/** From an entry of `hooks-libraries` to the extension that it means. */
import { basename } from "node:path";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import type { ConfigFault } from "../config/fault.ts";
import { isInside, resolvePath } from "../daemon/paths.ts";
import { type BuiltIn, builtIns } from "./built-ins.ts";
import { loadModule } from "./load-module.ts";

export type LibraryConfig = Dhcp4Config["hooks-libraries"][number];

/** Where modules are, and which of them may be loaded. */
export interface ModuleRules {
  /** The directory that a name without a path means; absolute. */
  readonly directory: string;
  /** Paths elsewhere that may be loaded; `undefined` for any: the operator's own file says what it wants. */
  readonly known: readonly string[] | undefined;
}

export type Found = BuiltIn | { readonly kind: "none"; readonly fault: Pick<ConfigFault, "message" | "fix"> };

/** A module runs its top level. */
export function findExtension({ library }: LibraryConfig, rules: ModuleRules): Found {
  const builtIn = builtIns.get(basename(library));
  if (builtIn !== undefined) return builtIn;
  if (/^lib(dhcp|ddns)_\w+\.so$/.test(basename(library))) return LACKING;
  return /\.m?js$/.test(library) ? findModule(resolvePath(rules.directory, library), rules) : FOREIGN;
}

function findModule(path: string, { directory, known }: ModuleRules): Found {
  if (known !== undefined && !known.includes(path) && !isInside(path, directory)) {
    return none(`is not inside ${directory}`, "name it in the configuration file");
  }
  const loaded = loadModule(path);
  return loaded.kind === "extension" ? loaded : none(loaded.why, loaded.fix);
}

function none(message: string, fix: string): Found {
  return { kind: "none", fault: { message, fix } };
}

const NAMES = [...builtIns.keys()].join(", ");
const LACKING = none("is a hook that is not supported yet", `remove the entry; what ${NAMES} do is built in`);
const FOREIGN = none(
  "is no extension: only ES modules are loaded, and no libraries of machine code",
  `write what it does as a module, "name.mjs", or remove the entry; what ${NAMES} do is built in`,
);
