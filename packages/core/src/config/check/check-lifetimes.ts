/** Lifetimes and timers of one scope, with what it inherits. */
import type { Dhcp4Config, SharedNetwork4Config, Subnet4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

type Scope = Dhcp4Config | SharedNetwork4Config | Subnet4Config;
type Key =
  | "valid-lifetime"
  | "min-valid-lifetime"
  | "max-valid-lifetime"
  | "renew-timer"
  | "rebind-timer"
  | "t1-percent"
  | "t2-percent";

/** Two keys whose values must be in order. */
interface Rule {
  readonly low: Key;
  readonly high: Key;
  /** Equal values are a fault too. */
  readonly isStrict?: true;
}

const LIFETIMES: readonly Rule[] = [
  { low: "min-valid-lifetime", high: "valid-lifetime" },
  { low: "valid-lifetime", high: "max-valid-lifetime" },
  { low: "min-valid-lifetime", high: "max-valid-lifetime" },
];
const TIMERS: Rule = { low: "renew-timer", high: "rebind-timer" };
const SHARES: Rule = { low: "t1-percent", high: "t2-percent", isStrict: true };

/**
 * @param scopes the scope itself, then those that it inherits from, the global one last
 * @param pointer of the scope itself
 */
export function checkLifetimes(scopes: readonly Scope[], pointer: Pointer, report: Report): void {
  let isReported = false;
  for (const rule of LIFETIMES) {
    if (isReported) break;
    isReported = checkOrder(scopes, pointer, rule, "error", report);
  }
  checkOrder(scopes, pointer, TIMERS, "warning", report);
  if (scopes.find((scope) => scope["calculate-tee-times"] !== undefined)?.["calculate-tee-times"] !== true) return;
  checkOrder(scopes, pointer, SHARES, "error", report);
  for (const key of ["t1-percent", "t2-percent"] as const) {
    const share = scopes[0]?.[key];
    if (share !== 0 && share !== 1) continue;
    const fix = "it must be more than 0 and less than 1";
    report({ pointer: [...pointer, key], value: share, message: "leaves no time", fix, severity: "error" });
  }
}

/** Reports at the scope that gives one of the two keys, so that what is inherited is reported once. */
function checkOrder(
  scopes: readonly Scope[],
  pointer: Pointer,
  { low, high, isStrict }: Rule,
  severity: "error" | "warning",
  report: Report,
): boolean {
  const [own] = scopes;
  if (own?.[low] === undefined && own?.[high] === undefined) return false;
  const lower = scopes.find((scope) => scope[low] !== undefined)?.[low];
  const higher = scopes.find((scope) => scope[high] !== undefined)?.[high];
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
