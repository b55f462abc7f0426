/** Extensions of an operator's own: ES modules that a configuration names by their paths. */
import { createRequire } from "node:module";
import type { Extension } from "@kotare/extension";

/** Loads ES modules, too, and at once: a configuration is checked in one go. */
const load = createRequire(import.meta.url);

export type LoadedModule =
  | { readonly kind: "extension"; readonly extension: Extension }
  | { readonly kind: "unusable"; readonly why: string; readonly fix: string };

/** Runs the module's top level, once for each thread. @param path absolute */
export function loadModule(path: string): LoadedModule {
  let exported: unknown;
  try {
    ({ default: exported } = load(path) as { readonly default?: unknown });
  } catch (error) {
    return unusable(error);
  }
  if (isExtension(exported)) return { kind: "extension", extension: exported };
  const why = "has no default export with a name and a function start";
  return { kind: "unusable", why, fix: "write export default defineExtension({ name: …, start() { … } })" };
}

function unusable(error: unknown): LoadedModule {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: "", message: error };
  if (code === "ERR_REQUIRE_ASYNC_MODULE") {
    return { kind: "unusable", why: "waits for something at its top level", fix: "move the await into start" };
  }
  const why = `cannot be loaded: ${String(message).split("\n")[0]}`;
  return { kind: "unusable", why, fix: "check the path, and that node loads the module" };
}

function isExtension(exported: unknown): exported is Extension {
  if (typeof exported !== "object" || exported === null) return false;
  const { name, start, parameters } = exported as { readonly [Key in keyof Extension]: unknown };
  return (
    typeof name === "string" &&
    /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) &&
    typeof start === "function" &&
    (parameters === undefined || typeof parameters === "function")
  );
}
