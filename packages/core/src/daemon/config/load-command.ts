/** A configuration out of the text of a command: `{ "command": "config-set", "arguments": { "Dhcp4": { … } } }`. */
import type { ConfigFamily } from "../../config/config-family.ts";
import type { ConfigFault } from "../../config/fault.ts";
import { type LoadedConfig, loadScanned } from "../../config/load/load-config.ts";
import { scanConfig } from "../../config/load/scan.ts";
import { noIncludes, parseEnvelope, WIRE } from "../../control/parse-command.ts";

export interface LoadedCommand<Config> {
  /** `undefined` where the text is no command. */
  readonly name: string | undefined;
  /** The daemons that are meant. */
  readonly services: readonly string[];
  readonly config: LoadedConfig<Config>;
}

/** @param text one character a byte */
export function loadCommand<Config extends object>(family: ConfigFamily<Config>, text: string): LoadedCommand<Config> {
  const source = { file: WIRE, text };
  const scanned = scanConfig(source, noIncludes);
  const nothing = { name: undefined, services: [] };
  if (scanned.value === undefined) return { ...nothing, config: { kind: "refused", faults: scanned.faults } };
  const parsed = parseEnvelope(scanned.value);
  if (parsed.kind !== "command") return { ...nothing, config: refused(parsed.what) };
  const { name, services, arguments: args } = parsed;
  const wrong = checkArguments(args, family.root);
  if (wrong !== undefined) return { name, services, config: refused(wrong) };
  const config = loadScanned(family, { ...scanned, value: args }, source, noIncludes, ["arguments"]);
  return { name, services, config };
}

/** Kea's words. */
function checkArguments(args: unknown, root: string): string | undefined {
  if (args === undefined) return "Missing mandatory 'arguments' parameter.";
  if (typeof args !== "object" || args === null || Array.isArray(args)) return "'arguments' parameter is not a map.";
  if (!(root in args)) return `Missing mandatory '${root}' parameter.`;
  // What `config-get` gives may be given back.
  const other = Object.keys(args).find((key) => key !== root && key !== "hash");
  if (other !== undefined) return `Unsupported '${other}' parameter.`;
  Reflect.deleteProperty(args, "hash");
  return undefined;
}

function refused(message: string): { readonly kind: "refused"; readonly faults: readonly ConfigFault[] } {
  return { kind: "refused", faults: [{ pointer: [], message, severity: "error" }] };
}
