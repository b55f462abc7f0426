/** Keys that subnets, pools and shared networks of both families have. */
import { z } from "zod";
import { count, names, text } from "./field.ts";

/** The greatest subnet id that an operator may give; 0 and 4294967295 have meanings of their own. */
const MAX_SUBNET_ID = 4_294_967_294;

export const subnetId = {
  id: count("The number that leases refer to; must never change for a subnet.", { min: 1, max: MAX_SUBNET_ID }),
};

export const poolId = { "pool-id": count("A number under which the pool's statistics are kept.").default(0) };

const relay = z
  .strictObject({ "ip-addresses": names("Addresses of relays.").default([]) })
  .describe("Relays whose clients belong here although their addresses do not.");

/** Of subnets and shared networks. */
export const linkKeys = {
  interface: text("The interface whose clients without a relay belong here.").optional(),
  relay: relay.optional(),
  metadata: z.unknown().optional().describe("Set by configuration databases."),
};
