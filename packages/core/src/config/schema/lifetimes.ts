/** How long leases last and when clients come back: keys of global, shared-network and subnet scope of both families. */
import { z } from "zod";
import { flag, fraction, seconds } from "./field.ts";

export const validLifetime = {
  "valid-lifetime": seconds("How long a lease lasts when the client asks for nothing; 4294967295 is for ever."),
  "min-valid-lifetime": seconds("The shortest lease that a client gets if it asks for less than `valid-lifetime`."),
  "max-valid-lifetime": seconds("The longest lease that a client gets if it asks for more than `valid-lifetime`."),
};

export const timers = {
  "renew-timer": seconds("T1: when clients begin to renew. Not sent when unset."),
  "rebind-timer": seconds("T2: when clients begin to ask any server. Not sent when unset."),
  "calculate-tee-times": flag("Compute T1 and T2 from the lifetime when the timers are unset."),
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
