/** `subnet6`, its pools of addresses and of prefixes, and `shared-networks`. */
import { z } from "zod";
import { parseIpv6Key } from "../../../ip/ipv6-key.ts";
import { classGuardDefaults, classGuardNames, classGuards } from "../client-classes.ts";
import { ddnsBehaviour } from "../ddns.ts";
import { compactText, count, flag, remarks, text } from "../field.ts";
import { inheritedNames } from "../inherited.ts";
import { asKea, isEmpty } from "../kea-form.ts";
import { keaAddress, keaPool6, startOfPool6 } from "../kea-values.ts";
import { optionData6 } from "../option-data.ts";
import { renamed } from "../renamed.ts";
import { byId, linkKeys, poolId, subnetId, subnetPrefix } from "../scopes.ts";
import { inherited6 } from "./inherited6.ts";
import { kotareRemarks } from "./kotare.ts";
import { reservations6 } from "./reservation6.ts";

export const Pool6 = renamed(
  z.strictObject({
    pool: asKea(compactText("`2001:db8::10 - 2001:db8::ffff` or `2001:db8::/80`."), keaPool6),
    ...poolId,
    ...optionData6,
    ...z.object(ddnsBehaviour).partial().shape,
    ...classGuards,
    ...remarks,
  }),
  classGuardNames,
  classGuardDefaults,
);

function prefixLength(doc: string, min = 1) {
  return count(doc, { min, max: 128 });
}

export const PdPool = renamed(
  z.strictObject({
    prefix: asKea(text("The first address of the range that is divided into prefixes: `2001:db8:8000::`."), {
      format: keaAddress,
    }),
    "prefix-len": prefixLength("How many bits of `prefix` count."),
    "delegated-len": prefixLength("The length of each prefix that is handed out."),
    "excluded-prefix": asKea(
      text(
        "The part of the first prefix that its client must not use (RFC 6603). In the other prefixes this part is in the same place.",
      ).default("::"),
      { isSilent: (_, map) => map["excluded-prefix-len"] === 0, format: keaAddress },
    ),
    "excluded-prefix-len": asKea(prefixLength("The length of that part; 0 for none.", 0).default(0), {
      isSilent: (length) => length === 0,
    }),
    ...poolId,
    ...optionData6,
    ...classGuards,
    ...kotareRemarks,
  }),
  classGuardNames,
  classGuardDefaults,
);

/** Of subnets and shared networks. */
const linkKeys6 = {
  ...linkKeys,
  "interface-id": asKea(text("The interface-id that a relay on the link sends, character by character.").optional(), {
    isSilent: isEmpty,
  }),
  "rapid-commit": asKea(
    flag(
      "Whether a client that asks for it is given its leases in two messages instead of four. A subnet inherits it from its network.",
    ).optional(),
    {
      // The subnet of a network has one around it more.
      complete: ({ length }) => (length > 2 ? undefined : false),
    },
  ),
};

export const Subnet6 = renamed(
  z.strictObject({
    ...subnetId,
    subnet: subnetPrefix("The prefix: `2001:db8::/64`."),
    pools: asKea(z.array(Pool6).default([]).describe("Ranges of addresses that are handed out."), {
      sortKey: startOfPool6,
    }),
    "pd-pools": asKea(z.array(PdPool).default([]).describe("Ranges that are divided into prefixes and handed out."), {
      sortKey: ({ prefix }) => parseIpv6Key(prefix as string) ?? "",
    }),
    ...linkKeys6,
    ...inherited6,
    ...optionData6,
    ...reservations6,
    ...classGuards,
    ...kotareRemarks,
  }),
  { ...classGuardNames, ...inheritedNames },
  classGuardDefaults,
);

export const SharedNetwork6 = renamed(
  z.strictObject({
    name: text("The network's name."),
    subnet6: asKea(z.array(Subnet6).default([]).describe("The subnets of the network."), byId),
    ...linkKeys6,
    ...inherited6,
    ...optionData6,
    ...classGuards,
    ...kotareRemarks,
  }),
  { ...classGuardNames, ...inheritedNames },
  classGuardDefaults,
);
