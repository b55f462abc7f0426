/** `client-classes`: their tests, and what they give. */
import type { ClassEntry, ClassFault } from "../../classify/class-tests.ts";
import type { OptionSpaces } from "../../options/option-spaces.ts";
import type { OptionDataConfig, OptionDefConfig } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import { checkLifetimes, type TimedScope } from "./check-lifetimes.ts";
import type { OptionChecker } from "./check-options.ts";
import type { Report } from "./report.ts";

export interface CheckedClass extends ClassEntry, TimedScope {
  readonly "option-data": readonly OptionDataConfig[];
  /** Of DHCPv4 only. */
  readonly "option-def"?: readonly OptionDefConfig[];
}

/** Compiles all tests; a list of classes is short enough for that. */
export type CompileTests = (entries: readonly ClassEntry[], spaces: OptionSpaces) => readonly ClassFault[];

/** @param pointer of the list */
export function checkClasses(
  classes: readonly CheckedClass[],
  compile: CompileTests,
  options: OptionChecker,
  pointer: Pointer,
  report: Report,
): void {
  for (const { index, key, message, severity } of compile(classes, options.spaces)) {
    report({ pointer: [...pointer, index, key], message, severity });
  }
  classes.forEach((entry, i) => {
    const own = [...pointer, i];
    checkLifetimes([entry], own, report);
    for (const name of ["valid-lifetime", "preferred-lifetime"] as const) checkDefault(entry, name, own, report);
    options.checkDefining(entry["option-def"] ?? [], entry["option-data"], own);
  });
}

/** A class inherits no lifetime, so that bounds on both sides do not tell what is between them. */
function checkDefault(
  entry: CheckedClass,
  name: "valid-lifetime" | "preferred-lifetime",
  pointer: Pointer,
  report: Report,
): void {
  if (entry[name] !== undefined || entry[`min-${name}`] === undefined || entry[`max-${name}`] === undefined) return;
  const message = `has no "${name}" between its bounds`;
  report({ pointer: [...pointer, `min-${name}`], message, fix: `write "${name}"`, severity: "error", at: "key" });
}
