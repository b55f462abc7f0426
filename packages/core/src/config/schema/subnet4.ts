/** `subnet4`, its pools, and `shared-networks`. */
import { z } from "zod";
import { classGuardDefaults, classGuardNames, classGuards } from "./client-classes.ts";
import { ddnsBehaviour } from "./ddns.ts";
import { compactText, count, names, remarks, text } from "./field.ts";
import { inherited4, inheritedNames4 } from "./inherited4.ts";
import { optionData4 } from "./option-data.ts";
import { renamed } from "./renamed.ts";
import { reservations4 } from "./reservation4.ts";

/** The greatest subnet id that an operator may give; 0 and 4294967295 have meanings of their own. */
const MAX_SUBNET_ID = 4_294_967_294;

export const Pool4 = renamed(
  z.strictObject({
    pool: compactText("`192.0.2.10 - 192.0.2.99` or `192.0.2.64/26`."),
    "pool-id": count("A number under which the pool's statistics are kept.").default(0),
    ...optionData4,
    ...z.object(ddnsBehaviour).partial().shape,
    ...classGuards,
    ...remarks,
  }),
  classGuardNames,
  classGuardDefaults,
);

const relay = z
  .strictObject({ "ip-addresses": names("Addresses of relays.").default([]) })
  .describe("Relays whose clients belong here although their addresses do not.");

export const Subnet4 = renamed(
  z.strictObject({
    id: count("The number that leases refer to; must never change for a subnet.", { min: 1, max: MAX_SUBNET_ID }),
    subnet: compactText("The prefix: `192.0.2.0/24`."),
    pools: z.array(Pool4).default([]).describe("Ranges of addresses that are handed out."),
    interface: text("The interface whose clients without a relay belong here.").optional(),
    relay: relay.optional(),
    ...inherited4,
    ...optionData4,
    ...reservations4,
    ...classGuards,
    "4o6-interface": text("DHCPv4 over DHCPv6: the interface of the query.").default(""),
    "4o6-interface-id": text("DHCPv4 over DHCPv6: the interface id of the query.").default(""),
    "4o6-subnet": text("DHCPv4 over DHCPv6: the prefix of the query's source.").default(""),
    metadata: z.unknown().optional().describe("Set by configuration databases."),
    ...remarks,
  }),
  { ...classGuardNames, ...inheritedNames4 },
  classGuardDefaults,
);

export const SharedNetwork4 = renamed(
  z.strictObject({
    name: text("The network's name."),
    subnet4: z.array(Subnet4).default([]).describe("The subnets of the network."),
    interface: text("The interface of the network.").optional(),
    relay: relay.optional(),
    ...inherited4,
    ...optionData4,
    ...classGuards,
    metadata: z.unknown().optional().describe("Set by configuration databases."),
    ...remarks,
  }),
  { ...classGuardNames, ...inheritedNames4 },
  classGuardDefaults,
);
