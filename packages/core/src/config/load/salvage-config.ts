/**
 * What can be served of a file that is refused: when a daemon starts, one bad reservation, pool or subnet must not keep
 * all others from being served.
 */
import type { ConfigFamily } from "../config-family.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { Cuts } from "./cuts.ts";
import { checkDocument, deepFreeze, inFileOrder } from "./load-config.ts";
import { locateFaults } from "./locate-faults.ts";
import { type ConfigReader, scanConfig } from "./scan.ts";

export interface SalvagedConfig<Config> {
  readonly config: Config;
  /** One error for each part that was left out. */
  readonly faults: readonly ConfigFault[];
}

/** Lists whose entries can be left out without changing what the others mean. */
const EXPENDABLE: ReadonlySet<string | number> = new Set(["reservations", "pools", "pd-pools", "subnet4", "subnet6"]);

/** Leaving parts out may bring faults to light that they hid; they do not go on for ever. */
const MAX_ROUNDS = 8;

/** @returns `undefined` when more than entries of those lists is wrong, so that nothing can be served */
export function salvageConfig<Config extends object>(
  family: ConfigFamily<Config>,
  path: string,
  reader: ConfigReader,
): SalvagedConfig<Config> | undefined {
  let text: string;
  try {
    text = reader.read(path);
  } catch {
    return undefined;
  }
  const source = { file: path, text };
  const leftOut = new Map<string, Pointer>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { value, faults } = scanConfig(source, reader);
    if (value === undefined || faults.some(isError)) return undefined;
    const cuts = new Cuts(value);
    cuts.cut([...leftOut.values()]);
    const checked = checkDocument(family, value);
    const errors = checked.faults.filter(isError);
    if (errors.length === 0 && checked.config !== undefined) {
      const found = [...leftOut.values()].map(describeLeftOut);
      return { config: deepFreeze(checked.config), faults: inFileOrder(locateFaults(source, reader, found)) };
    }
    for (const { pointer, other } of errors) {
      // Of two that cannot both be, one is enough to leave out.
      const rival = other && findExpendable(cuts.toDocument(other));
      if (rival !== undefined && leftOut.has(JSON.stringify(rival))) continue;
      const entry = findExpendable(cuts.toDocument(pointer));
      if (entry === undefined) return undefined;
      leftOut.set(JSON.stringify(entry), entry);
    }
  }
  return undefined;
}

function isError({ severity }: ConfigFault): boolean {
  return severity === "error";
}

/** The innermost entry of an expendable list around a fault. */
function findExpendable(pointer: Pointer): Pointer | undefined {
  const index = pointer.findLastIndex((step, i) => typeof step === "number" && EXPENDABLE.has(pointer[i - 1] ?? ""));
  return index < 0 ? undefined : pointer.slice(0, index + 1);
}

function describeLeftOut(pointer: Pointer): ConfigFault {
  const fix = "correct it and reload";
  return { pointer, message: "is left out of service because it is wrong", fix, severity: "error" };
}
