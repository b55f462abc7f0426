/** How long leases last and when clients come back: keys of global, shared-network and subnet scope of both families. */
import { z } from "zod";
import { flag, fraction, seconds } from "./field.ts";

export const validLifetime = {
  // In a lease file a lifetime of 0 is that of no lease.
  "valid-lifetime": seconds("How long a lease lasts when the client asks for nothing; 4294967295 is for ever.", {
    min: 1,
  }),
  "min-valid-lifetime": seconds("The shortest lease that a client gets if it asks for less than `valid-lifetime`."),
  "max-valid-lifetime": seconds("The longest lease that a client gets if it asks for more than `valid-lifetime`."),
};

export const preferredLifetime = {
  "preferred-lifetime": seconds(
    "How long a client prefers a lease when it asks for nothing; five eighths of the valid lifetime when unset.",
  ),
  "min-preferred-lifetime": seconds("The least that a client gets if it asks for less than `preferred-lifetime`."),
  "max-preferred-lifetime": seconds("The most that a client gets if it asks for more than `preferred-lifetime`."),
};

export const timers = {
  "renew-timer": seconds("T1: when clients begin to renew; left to `calculate-tee-times` when unset."),
  "rebind-timer": seconds("T2: when clients begin to ask any server; left to `calculate-tee-times` when unset."),
  "calculate-tee-times": flag(
    "Compute T1 and T2 from the lifetime when the timers are unset; else they are left to the client.",
  ),
  "t1-percent": fraction("T1 as a share of the lifetime."),
  "t2-percent": fraction("T2 as a share of the lifetime."),
};

export const leaseCache = {
  "cache-threshold": z
    .number()
    .min(0)
    .lt(1)
    .describe("A lease younger than this share of its lifetime is confirmed without being renewed; 0 is off."),
  "cache-max-age": seconds("A lease older than this is always renewed."),
  "adaptive-lease-time-threshold": z
    .number()
    .gt(0)
    .max(1)
    .describe("With allocator `flq`: when a pool is used beyond this share, leases get the minimum lifetime."),
};
