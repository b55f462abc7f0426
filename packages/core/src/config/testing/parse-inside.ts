/** Configurations for tests: what stands inside the file's one key, through the real loader. */
import type { ConfigFamily } from "../config-family.ts";
import { formatFault } from "../fault.ts";
import { parseConfig } from "../load/load-config.ts";

/** In Kea's grammar. */
export type InsideText = Readonly<Record<string, unknown>>;

const parsed = new Map<string, object>();

/**
 * Serves all interfaces unless it says otherwise.
 * @throws Error with all faults when the configuration is refused
 */
export function parseInside<Config extends object>(family: ConfigFamily<Config>, inside: InsideText): Config {
  const text = JSON.stringify(
    { [family.root]: { "interfaces-config": { interfaces: ["*"] }, ...inside } },
    undefined,
    1,
  );
  const known = parsed.get(text);
  // A text begins with its family's key.
  if (known !== undefined) return known as Config;
  const reader = {
    read: (path: string): string => {
      throw new Error(`${path} is not there`);
    },
  };
  const loaded = parseConfig(family, { file: "test.conf", text }, reader);
  if (loaded.kind === "refused") throw new Error(loaded.faults.map(formatFault).join("\n"));
  parsed.set(text, loaded.config);
  return loaded.config;
}
