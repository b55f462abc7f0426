/** How long a lease lasts and when its client comes back (RFC 2131 §4.3.1, §4.4.5), by Kea's keys. */
import type { Seconds } from "@kotare/core/base/clock";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import type { Parameters4 } from "@kotare/core/subnets/subnet4";
import type { Query4 } from "../path/query4.ts";

/** The lifetime for a client that asks for one (option 51), or for nothing in particular. */
export function grantLifetime4(
  { message, profile }: Pick<Query4, "message" | "profile">,
  { validLifetime }: Parameters4,
): Seconds {
  const lifetime = profile.values.validLifetime ?? validLifetime;
  const asked = message.u32(Option4.leaseTime);
  if (asked === undefined || asked === 0) return lifetime.default;
  return Math.min(Math.max(asked, lifetime.min), lifetime.max);
}

export interface TeeTimes4 {
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
