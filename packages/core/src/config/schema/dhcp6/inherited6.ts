/** What DHCPv6 adds to the keys that inner scopes inherit. */
import { allocator, inherited, inheritedDefaults } from "../inherited.ts";
import { handedDown } from "../kea-form.ts";
import { preferredLifetime } from "../lifetimes.ts";

const keys = {
  allocator: allocator("address", ["iterative", "random", "shared-flq"]),
  "pd-allocator": allocator("prefix", ["iterative", "random", "flq", "shared-flq"]),
};

/** For subnets and shared networks. */
export const inherited6 = {
  ...inherited,
  ...handedDown(preferredLifetime, "preferred-lifetime"),
  ...handedDown(keys),
};

/** For the global scope. */
export const inheritedDefaults6 = {
  ...inherited6,
  ...inheritedDefaults,
  "calculate-tee-times": inherited["calculate-tee-times"].unwrap().default(true),
  "t2-percent": inherited["t2-percent"].unwrap().default(0.8),
  allocator: keys.allocator.default("iterative"),
  "pd-allocator": keys["pd-allocator"].default("iterative"),
};
