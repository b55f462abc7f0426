/** `reservations`: what is set aside for one client. */
import { z } from "zod";
import { bootFields } from "./boot4.ts";
import { ipv4Address, names, remarks, text } from "./field.ts";
import { optionData4 } from "./option-data.ts";

/** In Kea's own order of looking them up. */
export const IDENTIFIER_TYPES = ["hw-address", "duid", "circuit-id", "client-id", "flex-id"] as const;
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

const identifiers = {
  "hw-address": text("The client's hardware address: `1a:1b:1c:1d:1e:1f`."),
  duid: text("The client's DUID, in hexadecimal digits."),
  "circuit-id": text("Sub-option 1 of the relay's option 82, in hexadecimal digits or as 'text'."),
  "client-id": text("The client's identifier, in hexadecimal digits or as 'text'."),
  "flex-id": text("An identifier computed by a hook, in hexadecimal digits or as 'text'."),
};

const given = {
  ...identifiers,
  "ip-address": text("The address set aside; unset for a client that takes one from a pool."),
  ...bootFields,
  "next-server": ipv4Address("siaddr: the boot server's address; 0.0.0.0 is none."),
};

/** Addresses and identifiers are looked at in `check.ts`, where the subnet is known. */
export const Reservation4 = z.strictObject({
  ...z.object(given).partial().shape,
  hostname: text("The client's name.").default(""),
  "client-classes": names("Classes that the client belongs to.").default([]),
  ...optionData4,
  ...remarks,
});

export const reservations4 = {
  reservations: z.array(Reservation4).default([]).describe("What is set aside for clients."),
};
