/** Lifetimes and timers of one scope, with what it inherits. */
import type { Pointer, Severity } from "../fault.ts";
import { inherit } from "../inherit.ts";
import type { Report } from "./report.ts";

type Key =
  | "valid-lifetime"
  | "min-valid-lifetime"
  | "max-valid-lifetime"
  | "preferred-lifetime"
  | "min-preferred-lifetime"
  | "max-preferred-lifetime"
  | "renew-timer"
  | "rebind-timer"
  | "t1-percent"
  | "t2-percent";

export type TimedScope = { readonly [K in Key]?: number | undefined } & {
  readonly "calculate-tee-times"?: boolean | undefined;
};

/** Two keys whose values must be in order. */
interface Rule {
  readonly low: Key;
  readonly high: Key;
  /** Equal values are a fault too. */
  readonly isStrict?: true;
}

/** Of the three about one lifetime the first that is broken is told. */
const LIFETIMES: readonly (readonly Rule[])[] = [
  [
    { low: "min-valid-lifetime", high: "valid-lifetime" },
    { low: "valid-lifetime", high: "max-valid-lifetime" },
    { low: "min-valid-lifetime", high: "max-valid-lifetime" },
  ],
  [
    { low: "min-preferred-lifetime", high: "preferred-lifetime" },
    { low: "preferred-lifetime", high: "max-preferred-lifetime" },
    { low: "min-preferred-lifetime", high: "max-preferred-lifetime" },
  ],
];
const PREFERRED: Rule = { low: "preferred-lifetime", high: "valid-lifetime" };
const TIMERS: Rule = { low: "renew-timer", high: "rebind-timer" };
const SHARES: Rule = { low: "t1-percent", high: "t2-percent", isStrict: true };

/**
 * @param scopes the scope itself, then those that it inherits from, the global one last
 * @param pointer of the scope itself
 */
export function checkLifetimes(scopes: readonly TimedScope[], pointer: Pointer, report: Report): void {
  for (const rules of LIFETIMES) rules.some((rule) => checkOrder(scopes, pointer, rule, "error", report));
  checkPreferred(scopes, pointer, report);
  checkOrder(scopes, pointer, PREFERRED, "warning", report);
  checkOrder(scopes, pointer, TIMERS, "warning", report);
  if (inherit(scopes, "calculate-tee-times") !== true) return;
  checkOrder(scopes, pointer, SHARES, "error", report);
  for (const key of ["t1-percent", "t2-percent"] as const) {
    const share = scopes[0]?.[key];
    if (share !== 0 && share !== 1) continue;
    const fix = "it must be more than 0 and less than 1";
    report({ pointer: [...pointer, key], value: share, message: "leaves no time", fix, severity: "error" });
  }
}

/** Kea refuses bounds around a default that depends on the valid lifetime. */
function checkPreferred(scopes: readonly TimedScope[], pointer: Pointer, report: Report): void {
  const [own] = scopes;
  const key = (["min-preferred-lifetime", "max-preferred-lifetime"] as const).find(
    (bound) => own?.[bound] !== undefined,
  );
  if (key === undefined || inherit(scopes, "preferred-lifetime") !== undefined) return;
  const [min, max] = [inherit(scopes, "min-preferred-lifetime"), inherit(scopes, "max-preferred-lifetime")];
  if (min === undefined || max === undefined || min > max) return;
  const message = 'is one of two bounds of a "preferred-lifetime" that is not given';
  const fix = `write "preferred-lifetime", from ${min} to ${max}`;
  report({ pointer: [...pointer, key], message, fix, severity: "error", at: "key" });
}

/** Reports at the scope that gives one of the two keys, so that what is inherited is reported once. */
function checkOrder(
  scopes: readonly TimedScope[],
  pointer: Pointer,
  { low, high, isStrict }: Rule,
  severity: Severity,
  report: Report,
): boolean {
  const [own] = scopes;
  if (own?.[low] === undefined && own?.[high] === undefined) return false;
  const lower = inherit(scopes, low);
  const higher = inherit(scopes, high);
  if (lower === undefined || higher === undefined) return false;
  if (isStrict ? lower < higher : lower <= higher) return false;
  // The one that is written here; the low one when both are, or when both are only defaults.
  const key = own[high] !== undefined && own[low] === undefined ? high : low;
  const message = `must ${severity === "error" ? "" : "rather "}be ${describe(key === low, isStrict)}`;
  const other = key === low ? `"${high}", which is ${higher} here` : `"${low}", which is ${lower} here`;
  report({ pointer: [...pointer, key], value: own[key], message: `${message} ${other}`, severity });
  return true;
}

function describe(isLow: boolean, isStrict: true | undefined): string {
  if (isStrict) return isLow ? "less than" : "more than";
  return isLow ? "at most" : "at least";
}
