/** `subnet4`, its pools, and `shared-networks`. */
import { z } from "zod";
import { classGuardDefaults, classGuardNames, classGuards } from "../client-classes.ts";
import { ddnsBehaviour } from "../ddns.ts";
import { compactText, remarks, text } from "../field.ts";
import { inheritedNames } from "../inherited.ts";
import { asKea } from "../kea-form.ts";
import { keaPool4, startOfPool4 } from "../kea-values.ts";
import { optionData4 } from "../option-data.ts";
import { renamed } from "../renamed.ts";
import { byId, linkKeys, poolId, subnetId, subnetPrefix } from "../scopes.ts";
import { inherited4 } from "./inherited4.ts";
import { kotareRemarks } from "./kotare.ts";
import { reservations4 } from "./reservation4.ts";

export const Pool4 = renamed(
  z.strictObject({
    pool: asKea(compactText("`192.0.2.10 - 192.0.2.99` or `192.0.2.64/26`."), keaPool4),
    ...poolId,
    ...optionData4,
    ...z.object(ddnsBehaviour).partial().shape,
    ...classGuards,
    ...remarks,
  }),
  classGuardNames,
  classGuardDefaults,
);

export const Subnet4 = renamed(
  z.strictObject({
    ...subnetId,
    subnet: subnetPrefix("The prefix: `192.0.2.0/24`."),
    pools: asKea(z.array(Pool4).default([]).describe("Ranges of addresses that are handed out."), {
      sortKey: startOfPool4,
    }),
    ...linkKeys,
    ...inherited4,
    ...optionData4,
    ...reservations4,
    ...classGuards,
    "4o6-interface": text("DHCPv4 over DHCPv6: the interface of the query.").default(""),
    "4o6-interface-id": text("DHCPv4 over DHCPv6: the interface id of the query.").default(""),
    "4o6-subnet": text("DHCPv4 over DHCPv6: the prefix of the query's source.").default(""),
    ...kotareRemarks,
  }),
  { ...classGuardNames, ...inheritedNames },
  classGuardDefaults,
);

export const SharedNetwork4 = renamed(
  z.strictObject({
    name: text("The network's name."),
    subnet4: asKea(z.array(Subnet4).default([]).describe("The subnets of the network."), byId),
    ...linkKeys,
    ...inherited4,
    ...optionData4,
    ...classGuards,
    ...kotareRemarks,
  }),
  { ...classGuardNames, ...inheritedNames },
  classGuardDefaults,
);
