/**
 * Keys that a subnet takes from its shared network, and that from the global scope. Only the global scope has defaults:
 * elsewhere a key that is not given stays unset, so that the compiler of subnets can see what is inherited.
 */
import { z } from "zod";
import { bootFields } from "./boot4.ts";
import { ddnsBehaviour } from "./ddns.ts";
import { choice, flag, seconds } from "./field.ts";
import { leaseCache, timers, validLifetime } from "./lifetimes.ts";

const keys = {
  ...validLifetime,
  ...timers,
  ...leaseCache,
  "offer-lifetime": seconds("How long an offered address is kept for the client in the lease file; 0 is not."),
  allocator: choice("How a free address is looked for.", ["iterative", "random", "flq", "shared-flq"]),
  "match-client-id": flag("Know clients by their client identifier first, by their hardware address else."),
  authoritative: flag("Refuse addresses that we know nothing about."),
  ...bootFields,
  "store-extended-info": flag("Keep relay information with the lease."),
  "reservations-global": flag("Look for reservations in the global scope."),
  "reservations-in-subnet": flag("Look for reservations in the subnet."),
  "reservations-out-of-pool": flag("Reservations are never for addresses of a pool."),
  ...ddnsBehaviour,
};

const oldSpelling = {
  "ddns-use-conflict-resolution": z
    .boolean()
    .transform((isOn) => (isOn ? "check-with-dhcid" : "no-check-with-dhcid"))
    .describe("Old spelling of `ddns-conflict-resolution-mode`."),
};

/** For `renamed`. */
export const inheritedNames4 = { "ddns-use-conflict-resolution": "ddns-conflict-resolution-mode" } as const;

/** For subnets and shared networks. */
export const inherited4 = z.object({ ...keys, ...oldSpelling }).partial().shape;

/** For the global scope. */
export const inheritedDefaults4 = {
  ...inherited4,
  "valid-lifetime": keys["valid-lifetime"].default(7200),
  "calculate-tee-times": keys["calculate-tee-times"].default(false),
  "t1-percent": keys["t1-percent"].default(0.5),
  "t2-percent": keys["t2-percent"].default(0.875),
  "offer-lifetime": keys["offer-lifetime"].default(0),
  allocator: keys.allocator.default("iterative"),
  "match-client-id": keys["match-client-id"].default(true),
  authoritative: keys.authoritative.default(false),
  "next-server": keys["next-server"].default("0.0.0.0"),
  "server-hostname": keys["server-hostname"].default(""),
  "boot-file-name": keys["boot-file-name"].default(""),
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
