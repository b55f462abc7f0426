/** `server-id` and `mac-sources`: by which DUID clients know us, and from what we know their hardware address. */
import { z } from "zod";
import { choice, count, flag, remarks, text } from "../field.ts";
import { asKea } from "../kea-form.ts";
import { keaHex } from "../kea-values.ts";

export const ServerId = z
  .strictObject({
    type: choice("LLT: hardware address and time; LL: hardware address; EN: enterprise number.", ["LLT", "EN", "LL"]),
    htype: count(
      "LLT, LL: the kind of hardware, 1 for Ethernet; 0 keeps the earlier one, or takes that of an interface.",
      {
        max: 65535,
      },
    ).default(0),
    identifier: asKea(
      text(
        "The hardware address, or EN's identifier, in hexadecimal digits; if it is empty, the earlier one is kept, or one is generated.",
      ).default(""),
      { format: keaHex },
    ),
    time: count("LLT: seconds since 2000; 0 keeps the earlier time, or takes the present.").default(0),
    "enterprise-id": count("EN: the enterprise's number; 0 keeps the earlier one, or takes 2495.").default(0),
    persist: flag("Whether the DUID is kept in a file, and read from it at the next start.").default(true),
    ...remarks,
  })
  .describe("Our own DUID (RFC 8415 §11).");

/** Names of `mac-sources` that mean the same as another. */
const MAC_SOURCE_ALIASES = {
  rfc6939: "client-link-addr-option",
  rfc4649: "remote-id",
  rfc4580: "subscriber-id",
} as const;

const MAC_SOURCES = [
  "any",
  "raw",
  "duid",
  "ipv6-link-local",
  "client-link-addr-option",
  "remote-id",
  "subscriber-id",
  "docsis-cmts",
  "docsis-modem",
] as const;

export type MacSource = (typeof MAC_SOURCES)[number];

const aliases: Readonly<Record<string, MacSource>> = MAC_SOURCE_ALIASES;

export const macSources = {
  "mac-sources": z
    .array(
      z
        .enum([...MAC_SOURCES, ...(Object.keys(MAC_SOURCE_ALIASES) as (keyof typeof MAC_SOURCE_ALIASES)[])])
        .transform((name): MacSource => aliases[name] ?? (name as MacSource)),
    )
    .default(["any"])
    .describe("Where a client's hardware address is looked for, in this order."),
};
