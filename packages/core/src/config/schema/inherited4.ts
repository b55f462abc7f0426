/** What DHCPv4 adds to the keys that inner scopes inherit. */
import { z } from "zod";
import { bootFields } from "./boot4.ts";
import { flag, seconds } from "./field.ts";
import { allocator, inherited, inheritedDefaults } from "./inherited.ts";

const keys = {
  "offer-lifetime": seconds("How long an offered address is kept for the client in the lease file; 0 is not."),
  allocator: allocator("address", ["iterative", "random", "flq", "shared-flq"]),
  "match-client-id": flag("Know clients by their client identifier first, by their hardware address else."),
  authoritative: flag("Refuse addresses that we know nothing about."),
  ...bootFields,
};

/** For subnets and shared networks. */
export const inherited4 = { ...inherited, ...z.object(keys).partial().shape };

/** For the global scope. */
export const inheritedDefaults4 = {
  ...inheritedDefaults,
  "calculate-tee-times": inherited["calculate-tee-times"].unwrap().default(false),
  "t2-percent": inherited["t2-percent"].unwrap().default(0.875),
  "offer-lifetime": keys["offer-lifetime"].default(0),
  allocator: keys.allocator.default("iterative"),
  "match-client-id": keys["match-client-id"].default(true),
  authoritative: keys.authoritative.default(false),
  "next-server": keys["next-server"].default("0.0.0.0"),
  "server-hostname": keys["server-hostname"].default(""),
  "boot-file-name": keys["boot-file-name"].default(""),
};
