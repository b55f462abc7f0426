/** `reservations` of DHCPv6: what is set aside for one client. */
import { z } from "zod";
import { hex, octets } from "../dhcp4/reservation4.ts";
import { names, remarks, text } from "../field.ts";
import { asKea, isEmpty } from "../kea-form.ts";
import { keaAddress, keaPrefix } from "../kea-values.ts";
import { optionData6 } from "../option-data.ts";

/** In Kea's own order of looking them up. */
export const IDENTIFIER_TYPES6 = ["hw-address", "duid", "flex-id"] as const;

/** Addresses, prefixes and identifiers are looked at in `check.ts`, where the subnet is known. */
export const Reservation6 = z.strictObject({
  "hw-address": octets("The client's hardware address: `1a:1b:1c:1d:1e:1f`.").optional(),
  duid: octets("The client's DUID, in hexadecimal digits.").optional(),
  "flex-id": hex("An identifier computed by a hook, in hexadecimal digits or as 'text'.").optional(),
  "ip-addresses": asKea(names("The addresses reserved.").default([]), { format: (list) => list.map(keaAddress) }),
  prefixes: asKea(names("The prefixes reserved: `2001:db8:2::/48`.").default([]), {
    format: (list) => list.map(keaPrefix),
  }),
  "excluded-prefixes": asKea(
    names("For each of `prefixes` the part that the client must not use (RFC 6603); empty for none.").default([]),
    { isSilent: isEmpty },
  ),
  hostname: text("The client's name.").default(""),
  "client-classes": names("Classes that the client belongs to.").default([]),
  ...optionData6,
  ...remarks,
});

const reservations = z.array(Reservation6).default([]);
const doc = "What is reserved for certain clients.";

export const reservations6 = { reservations: reservations.describe(doc) };

export const globalReservations6 = { reservations: asKea(reservations.describe(doc), { isSilent: isEmpty }) };
