/**
 * Keys of both families that a subnet takes from its shared network, and that from the global scope. Only the global
 * scope has defaults: elsewhere a key that is not given stays unset, so that the compiler of subnets can see what is
 * inherited.
 */
import { z } from "zod";
import { ddnsBehaviour } from "./ddns.ts";
import { choice, flag } from "./field.ts";
import { handedDown } from "./kea-form.ts";
import { leaseCache, timers, validLifetime } from "./lifetimes.ts";

const told = {
  ...timers,
  ...leaseCache,
  "store-extended-info": flag("Keep relay information with the lease."),
};

const untold = {
  "reservations-global": flag("Look for reservations in the global scope."),
  "reservations-in-subnet": flag("Look for reservations in the subnet."),
  "reservations-out-of-pool": flag(
    "Whether all reserved addresses are outside of the pools; leases then need no look at the reservations.",
  ),
  ...ddnsBehaviour,
};

const oldSpelling = {
  "ddns-use-conflict-resolution": z
    .boolean()
    .transform((isOn) => (isOn ? "check-with-dhcid" : "no-check-with-dhcid"))
    .describe("The older form of `ddns-conflict-resolution-mode`."),
};

const keys = { ...validLifetime, ...told, ...untold };

/** For `renamed`. */
export const inheritedNames = { "ddns-use-conflict-resolution": "ddns-conflict-resolution-mode" } as const;

/** For subnets and shared networks. */
export const inherited = {
  ...handedDown(validLifetime, "valid-lifetime"),
  ...handedDown(told),
  ...z.object({ ...untold, ...oldSpelling }).partial().shape,
};

/** For the global scope. `ddns-conflict-resolution-mode` has its default from `renamed`, behind its old spelling. */
export const inheritedDefaults = {
  ...inherited,
  "valid-lifetime": keys["valid-lifetime"].default(7200),
  "t1-percent": keys["t1-percent"].default(0.5),
  "store-extended-info": keys["store-extended-info"].default(false),
  "reservations-global": keys["reservations-global"].default(false),
  "reservations-in-subnet": keys["reservations-in-subnet"].default(true),
  "reservations-out-of-pool": keys["reservations-out-of-pool"].default(false),
  "ddns-send-updates": keys["ddns-send-updates"].default(true),
  "ddns-override-no-update": keys["ddns-override-no-update"].default(false),
  "ddns-override-client-update": keys["ddns-override-client-update"].default(false),
  "ddns-replace-client-name": keys["ddns-replace-client-name"].default("never"),
  "ddns-generated-prefix": keys["ddns-generated-prefix"].default("myhost"),
  "ddns-qualifying-suffix": keys["ddns-qualifying-suffix"].default(""),
  "ddns-update-on-renew": keys["ddns-update-on-renew"].default(false),
  "hostname-char-set": keys["hostname-char-set"].default("[^A-Za-z0-9.-]"),
  "hostname-char-replacement": keys["hostname-char-replacement"].default(""),
};

/** In Kea `flq` keeps a queue of the free ones, in no foreseeable order, for pools that are nearly full. */
export function allocator<const Names extends readonly string[]>(of: string, names: Names) {
  return choice(`How a free ${of} is looked for.`, names);
}
