/** How long a lease lasts (RFC 2131 §4.3.1), by Kea's keys. */
import { isScarce, shortest, timeLeft } from "@kotare/core/allocate/adaptive-lifetime";
import type { Choice4 } from "@kotare/core/allocate/allocate4";
import type { Seconds } from "@kotare/core/base/clock";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { admits } from "@kotare/core/subnets/class-guard";
import type { Scarcity } from "@kotare/core/subnets/scarcity";
import type { Facts4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";

/** The lifetime for a client that asks for one (option 51), or for nothing in particular. */
export function grantLifetime4(query: Query4, choice: Choice4, facts: Pick<Facts4, "view" | "now">): Seconds {
  const { message, profile } = query;
  const { scarcity, validLifetime } = choice.place.subnet.parameters;
  const lifetime = profile.values.validLifetime ?? validLifetime;
  if (scarcity !== undefined && isPoolScarce(query, choice, scarcity, facts)) {
    return shortest(lifetime, timeLeft(choice.current, facts.now));
  }
  const asked = message.u32(Option4.leaseTime);
  if (asked === undefined || asked === 0) return lifetime.default;
  return Math.min(Math.max(asked, lifetime.min), lifetime.max);
}

/** As in Kea, of all pools of the subnet that the client may be given something from. */
function isPoolScarce(
  { classes }: Query4,
  { pool, place, current }: Choice4,
  { threshold, counted }: Scarcity,
  { view, now }: Pick<Facts4, "view" | "now">,
): boolean {
  if (pool === undefined) return false;
  const pools = place.subnet.pools.filter(({ guard }) => admits(guard, classes));
  const size = pools.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const held = view.held(
    pools.map(({ cursor }) => cursor),
    counted,
    now,
  );
  return isScarce(threshold, { size, held }, current, now);
}
