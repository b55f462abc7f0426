/** How long a lease lasts (RFC 2131 §4.3.1), by Kea's keys. */
import type { Seconds } from "@kotare/core/base/clock";
import { Option4 } from "@kotare/core/dhcp4/message4";
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
