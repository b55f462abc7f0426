/** How long leases last and when clients come back: keys of global, shared-network and subnet scope of both families. */
import { z } from "zod";
import { flag, fraction, seconds } from "./field.ts";

export const validLifetime = {
  // In a lease file a lifetime of 0 is that of no lease.
  "valid-lifetime": seconds(
    "How long a lease lasts if the client does not ask for a time; 4294967295 means for ever.",
    {
      min: 1,
    },
  ),
  "min-valid-lifetime": seconds("The shortest lease that a client gets if it asks for less than `valid-lifetime`."),
  "max-valid-lifetime": seconds("The longest lease that a client gets if it asks for more than `valid-lifetime`."),
};

export const preferredLifetime = {
  "preferred-lifetime": seconds(
    "How long an address is preferred if the client does not ask for a time; five eighths of the valid lifetime if this is not set.",
  ),
  "min-preferred-lifetime": seconds("The least that a client gets if it asks for less than `preferred-lifetime`."),
  "max-preferred-lifetime": seconds("The most that a client gets if it asks for more than `preferred-lifetime`."),
};

export const timers = {
  "renew-timer": seconds("T1: when clients begin to renew; if it is not set, `calculate-tee-times` decides."),
  "rebind-timer": seconds("T2: when clients begin to ask any server; if it is not set, `calculate-tee-times` decides."),
  "calculate-tee-times": flag(
    "Whether T1 and T2 are computed from the lifetime if the timers are not set; if not, the client chooses them.",
  ),
  "t1-percent": fraction("T1 as a share of the lifetime."),
  "t2-percent": fraction("T2 as a share of the lifetime."),
};

export const leaseCache = {
  "cache-threshold": z
    .number()
    .min(0)
    .lt(1)
    .describe(
      "A client that asks again before this share of its lease's lifetime has passed is given the same lease, which is not extended; 0 turns this off.",
    ),
  "cache-max-age": seconds("With `cache-threshold`: a lease older than this is always extended."),
  "adaptive-lease-time-threshold": z
    .number()
    .gt(0)
    .max(1)
    .describe(
      "With allocator `flq` (`pd-allocator` in DHCPv6): once this share of a subnet's pools is in use, clients get `min-valid-lifetime`, or what is left of their lease if that is longer.",
    ),
};
