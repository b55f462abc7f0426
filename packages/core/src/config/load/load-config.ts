/** From a file to a configuration that holds, or to everything that is wrong with it. */
import type { ConfigFamily } from "../config-family.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { entryAt } from "./cuts.ts";
import { locateFaults } from "./locate-faults.ts";
import { type ConfigReader, type ConfigText, type ScanResult, scanConfig } from "./scan.ts";
import { validate } from "./validate.ts";

export type LoadedConfig<Config> =
  | {
      readonly kind: "loaded";
      readonly config: Config;
      /** Warnings and notes, in the order of the file. */
      readonly faults: readonly ConfigFault[];
    }
  /** At least one of the faults is an error. */
  | { readonly kind: "refused"; readonly faults: readonly ConfigFault[] };

/** Of faults that say the same, this many are shown. */
const SHOWN_ALIKE = 20;

/** @param path as the operator gave it; it is read with `reader` too. Never throws. */
export function loadConfig<Config extends object>(
  family: ConfigFamily<Config>,
  path: string,
  reader: ConfigReader,
): LoadedConfig<Config> {
  let text: string;
  try {
    text = reader.read(path);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      kind: "refused",
      faults: [{ pointer: [], value: path, message, fix: remedyOf(error), severity: "error" }],
    };
  }
  return parseConfig(family, { file: path, text }, reader);
}

/** Of a file that cannot be read. */
function remedyOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "check the path; -c says which file is read";
  if (code === "EISDIR") return "it is a folder: name a file in it";
  return "check that the user the daemon runs as may read it and enter its folders";
}

export function parseConfig<Config extends object>(
  family: ConfigFamily<Config>,
  source: ConfigText,
  reader: ConfigReader,
): LoadedConfig<Config> {
  return loadScanned(family, scanConfig(source, reader), source, reader);
}

/** @param within where the document stands in the text of `source` */
export function loadScanned<Config extends object>(
  family: ConfigFamily<Config>,
  scanned: ScanResult,
  source: ConfigText,
  reader: ConfigReader,
  within: Pointer = [],
): LoadedConfig<Config> {
  const { config, faults: found } = checkDocument(family, scanned.value);
  const faults = [...scanned.faults, ...found];
  const located = inFileOrder(locateFaults(source, reader, limitAlike(faults), within));
  if (config === undefined || located.some(({ severity }) => severity === "error")) {
    return { kind: "refused", faults: located };
  }
  return { kind: "loaded", config: deepFreeze(config), faults: located };
}

/** Pointers of the faults are those of the document, parts of which may be cut out of it. */
export function checkDocument<Config extends object>(
  family: ConfigFamily<Config>,
  document: unknown,
): { readonly config: Config | undefined; readonly faults: readonly ConfigFault[] } {
  if (document === undefined) return { config: undefined, faults: [] };
  const { value, faults, toDocument } = validate(family.schema, document);
  const config = value?.[family.root];
  const checked = config === undefined ? [] : family.check(config);
  const meant = checked.map((fault) => ({
    ...fault,
    value: asWritten(fault, document),
    pointer: toDocument(fault.pointer),
    other: fault.other && toDocument(fault.other),
  }));
  return { config, faults: [...faults, ...meant] };
}

/** The value of a fault with the spaces that the schema took out of it. */
function asWritten({ value, pointer }: ConfigFault, document: unknown): unknown {
  const written = typeof value === "string" ? entryAt(document, pointer) : undefined;
  return typeof written === "string" && written.replaceAll(" ", "") === value ? written : value;
}

/** Cuts 100,000 times the same fault down to what a person reads. */
function limitAlike(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  const groups = new Map<string, ConfigFault[]>();
  for (const fault of faults) {
    const key = fault.message.replace(/\d+/g, "0");
    const alike = groups.get(key);
    if (alike === undefined) groups.set(key, [fault]);
    else alike.push(fault);
  }
  return [...groups.values()].flatMap((alike) => {
    const more = alike.length - SHOWN_ALIKE;
    if (more <= 0) return alike;
    const last = alike[SHOWN_ALIKE - 1]!;
    return [...alike.slice(0, SHOWN_ALIKE - 1), { ...last, message: `${last.message} (and ${more} more like this)` }];
  });
}

/** Faults of included files stand where their file is included first, as far as the order of finding them tells. */
export function inFileOrder(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  const files = [...new Set(faults.map((fault) => fault.position?.file))];
  const rank = ({ position }: ConfigFault) => files.indexOf(position?.file);
  return [...faults].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  // Of ten thousand entries the keys would be texts.
  if (Array.isArray(value)) for (const each of value) deepFreeze(each);
  else for (const key in value) deepFreeze(value[key]);
  return Object.freeze(value);
}
