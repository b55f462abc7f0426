/** The kinds of value that commands about leases take, read into what the leases have. */
import { z } from "zod";
import { parseHex } from "../../../base/hex.ts";
import { parseIdentifier } from "../../../config/host-identifier.ts";
import { UINT32_MAX } from "../../../config/schema/field.ts";
import { isNobodysDuid, MAX_DUID, MIN_DUID } from "../../../dhcp6/duid.ts";
import { parseIpv4 } from "../../../ip/ipv4.ts";
import { parseIpv6Key } from "../../../ip/ipv6-key.ts";
import type { Adoption } from "../../../leases/model/adoption.ts";

/** A text that stands for something else. @param parse gives what it stands for; `undefined` where it is wrong */
function parsed<T>(doc: string, parse: (text: string) => T | undefined, message: string, fix: string) {
  return z
    .string()
    .transform((text, context): T => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.issues.push({ code: "custom", message, params: { fix }, input: text });
      return z.NEVER;
    })
    .describe(doc);
}

export const ipv4 = (doc: string) => parsed(doc, parseIpv4, "is not an IPv4 address", "write 192.0.2.1");
export const ipv6 = (doc: string) => parsed(doc, parseIpv6Key, "is not an IPv6 address", "write 2001:db8::1");

export const hwAddress = (doc: string) =>
  parsed(doc, hexOf(0, 20), "is not a hardware address", "write 1a:1b:1c:1d:1e:1f");

/** RFC 2132 §9.14. */
export const clientId = (doc: string) =>
  parsed(doc, hexOf(2, 255), "is not a client identifier of 2 to 255 bytes", "write 01:1a:1b:1c:1d:1e:1f");

/** Nobody's, `00:00:00`, is empty: declined leases have it. */
export const duid = (doc: string) =>
  parsed(
    doc,
    (text) => {
      const octets = hexOf(MIN_DUID, MAX_DUID)(text);
      return octets !== undefined && isNobodysDuid(octets) ? new Uint8Array(0) : octets;
    },
    `is not a DUID of ${MIN_DUID} to ${MAX_DUID} bytes`,
    "write 00:03:00:01:1a:1b:1c:1d:1e:1f",
  );

export const bytes = (doc: string) => parsed(doc, hexOf(0, 255), "is not hexadecimal", "write 1a:1b:1c:1d:1e:1f");

/** As reservations have it: hexadecimal, or text in single quotes. */
export const identifier = (doc: string) =>
  parsed(doc, parseIdentifier, "is neither hexadecimal nor text in single quotes", "write 'port-7' or 0x706f72742d37");

/** `1a:1b`, or digits alone: two a byte. */
const HEX = /^(?:[\da-f]{1,2}(?::[\da-f]{1,2})*|(?:[\da-f]{2})*)$/i;

function hexOf(min: number, max: number): (text: string) => Uint8Array | undefined {
  return (text) => {
    const octets = HEX.test(text) ? parseHex(text) : undefined;
    return octets === undefined || octets.length < min || octets.length > max ? undefined : octets;
  };
}

export const uint32 = (doc: string) => z.int().min(0).max(UINT32_MAX).describe(doc);

/** What the leases of both families are given with. */
export const commonFields = {
  "subnet-id": uint32("The subnet; 0 or nothing for the one that the address lies in.").optional(),
  "pool-id": uint32("The pool that it counts in, where the pools of the subnet have ids.").optional(),
  "valid-lft": z
    .int()
    .min(0)
    .max(UINT32_MAX)
    .optional()
    .describe("Seconds for which it is valid, 4294967295 for ever; by default the subnet's `valid-lifetime`."),
  expire: z
    .int()
    .min(1)
    .max(UINT32_MAX)
    .optional()
    .describe("Unix time at which it ends; by default `valid-lft` from now."),
  hostname: z.string().max(255).optional().describe("The client's name; stored in lower case."),
  "fqdn-fwd": z.boolean().default(false).describe("Whether the DNS has its address; needs `hostname`."),
  "fqdn-rev": z.boolean().default(false).describe("Whether the DNS has its name; needs `hostname`."),
  state: z
    .int()
    .min(0)
    .max(3)
    .describe("0 assigned, 1 declined, 2 expired and reclaimed, 3 given back, which is shown as 2.")
    .default(0),
  "user-context": z.record(z.string(), z.unknown()).optional().describe("Any map, kept with the lease."),
  comment: z.unknown().optional().describe("Goes into `user-context`."),
  origin: z
    .unknown()
    .optional()
    .describe("`ha-partner` marks a command of another server, which tells the DNS itself."),
};

/** Of a command that puts or deletes leases. */
export function adoptionOf({ origin }: { readonly origin?: unknown }): Adoption | undefined {
  return origin === "ha-partner" ? "told" : undefined;
}

export const updateFields = {
  origin: commonFields.origin,
  "force-create": z.boolean().default(false).describe("Whether the lease is added when there is none."),
};

export const deleteFields = {
  origin: commonFields.origin,
  "update-ddns": z
    .boolean()
    .default(false)
    .describe("Has no effect: its names are removed from the DNS wherever updates are on."),
};
