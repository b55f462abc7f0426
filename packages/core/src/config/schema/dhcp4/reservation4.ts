/** `reservations`: what is set aside for one client. */
import { z } from "zod";
import { names, remarks, text } from "../field.ts";
import { asKea, isEmpty } from "../kea-form.ts";
import { keaAddress, keaHex, keaOctets } from "../kea-values.ts";
import { optionData4 } from "../option-data.ts";
import { ownBootFields } from "./boot4.ts";

export const octets = (doc: string) => asKea(text(doc), { format: keaOctets });
export const hex = (doc: string) => asKea(text(doc), { format: keaHex });

const identifiers = {
  "hw-address": octets("The client's hardware address: `1a:1b:1c:1d:1e:1f`."),
  duid: octets("The client's DUID, in hexadecimal digits."),
  "circuit-id": hex("Sub-option 1 of the relay's option 82, in hexadecimal digits or as 'text'."),
  "client-id": hex("The client's identifier, in hexadecimal digits or as 'text'."),
  "flex-id": hex("An identifier computed by a hook, in hexadecimal digits or as 'text'."),
};

const given = {
  ...identifiers,
  "ip-address": asKea(text("The address reserved. If it is not set, the client gets one from a pool."), {
    format: keaAddress,
  }),
};

/** Addresses and identifiers are looked at in `check.ts`, where the subnet is known. */
export const Reservation4 = z.strictObject({
  ...z.object(given).partial().shape,
  ...ownBootFields,
  hostname: text("The client's name.").default(""),
  "client-classes": names("Classes that the client belongs to.").default([]),
  ...optionData4,
  ...remarks,
});

const reservations = z.array(Reservation4).default([]);
const doc = "What is reserved for certain clients.";

export const reservations4 = { reservations: reservations.describe(doc) };

export const globalReservations4 = { reservations: asKea(reservations.describe(doc), { isSilent: isEmpty }) };
