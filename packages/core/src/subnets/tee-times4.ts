/** When a client is to renew and to rebind its lease (RFC 2131 §4.4.5), by Kea's keys. */
import type { Seconds } from "../base/clock.ts";
import { INFINITE_LIFETIME } from "../leases/model/lease.ts";
import type { Parameters4 } from "./subnet4.ts";

interface TeeTimes4 {
  readonly t1: Seconds | undefined;
  readonly t2: Seconds | undefined;
}

/** Options 58 and 59; a timer that does not come before the next one is not sent. */
export function computeTeeTimes4(parameters: Parameters4, lifetime: Seconds): TeeTimes4 {
  if (lifetime === INFINITE_LIFETIME) return { t1: undefined, t2: undefined };
  const { calculateTeeTimes, renewTimer, rebindTimer, t1Percent, t2Percent } = parameters;
  const t2 = rebindTimer ?? (calculateTeeTimes ? Math.round(lifetime * t2Percent) : 0);
  const isT2Sane = t2 > 0 && t2 < lifetime;
  const t1 = renewTimer ?? (calculateTeeTimes ? Math.round(lifetime * t1Percent) : 0);
  const isT1Sane = t1 > 0 && t1 < (isT2Sane ? t2 : lifetime);
  return { t1: isT1Sane ? t1 : undefined, t2: isT2Sane ? t2 : undefined };
}
