/** What DHCPv4 adds to the keys that inner scopes inherit. */
import { z } from "zod";
import { flag, seconds, unfilled } from "../field.ts";
import { allocator, inherited, inheritedDefaults } from "../inherited.ts";
import { handedDown } from "../kea-form.ts";
import { bootFields, inheritedBootFields } from "./boot4.ts";

const told = {
  "offer-lifetime": seconds(
    "How long an offer is kept for its client in the lease file; with 0 it is kept in memory only.",
  ),
  allocator: allocator("address", ["iterative", "random", "flq", "shared-flq"]),
};

const untold = {
  "match-client-id": flag(
    "Whether a client is known by its client identifier, if it sends one, rather than by its hardware address.",
  ),
  authoritative: flag("Whether a client that asks for an address that we know nothing about is refused (DHCPNAK)."),
};

/** For subnets and shared networks. */
export const inherited4 = {
  ...inherited,
  ...handedDown(told),
  ...z.object(untold).partial().shape,
  ...inheritedBootFields,
};

/** For the global scope. */
export const inheritedDefaults4 = {
  ...inheritedDefaults,
  "calculate-tee-times": inherited["calculate-tee-times"].unwrap().default(false),
  "t2-percent": inherited["t2-percent"].unwrap().default(0.875),
  "offer-lifetime": unfilled(told["offer-lifetime"], 0),
  allocator: told.allocator.default("iterative"),
  "match-client-id": untold["match-client-id"].default(true),
  authoritative: untold.authoritative.default(false),
  "next-server": bootFields["next-server"].default("0.0.0.0"),
  "server-hostname": bootFields["server-hostname"].default(""),
  "boot-file-name": bootFields["boot-file-name"].default(""),
};
