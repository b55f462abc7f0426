/** `reservations` of DHCPv6: what is set aside for one client. */
import { z } from "zod";
import { names, remarks, text } from "./field.ts";
import { optionData6 } from "./option-data.ts";

/** In Kea's own order of looking them up. */
export const IDENTIFIER_TYPES6 = ["hw-address", "duid", "flex-id"] as const;

/** Addresses, prefixes and identifiers are looked at in `check.ts`, where the subnet is known. */
export const Reservation6 = z.strictObject({
  "hw-address": text("The client's hardware address: `1a:1b:1c:1d:1e:1f`.").optional(),
  duid: text("The client's DUID, in hexadecimal digits.").optional(),
  "flex-id": text("An identifier computed by a hook, in hexadecimal digits or as 'text'.").optional(),
  "ip-addresses": names("Addresses set aside.").default([]),
  prefixes: names("Prefixes set aside: `2001:db8:2::/48`.").default([]),
  "excluded-prefixes": names(
    "For each of `prefixes` the part that the client must leave alone (RFC 6603); empty for none.",
  ).default([]),
  hostname: text("The client's name.").default(""),
  "client-classes": names("Classes that the client belongs to.").default([]),
  ...optionData6,
  ...remarks,
});

export const reservations6 = {
  reservations: z.array(Reservation6).default([]).describe("What is set aside for clients."),
};
