/** The parameters of `libdhcp_lease_query.so`, which the server itself obeys where leases are told by TCP. */
import { basename } from "node:path";
import { z } from "zod";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import { type Ipv4, type Ipv4Prefix, parseIpv4, parseIpv4Prefix, prefixContains } from "../../ip/ipv4.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { type Ipv6Key, isInPrefix, parseIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";

const LIBRARY = "libdhcp_lease_query.so";

export type LeaseQueryParameters = z.output<(typeof leaseQuerySchema)[6]>;

function flag(what: string, byDefault: boolean) {
  return z.boolean().default(byDefault).describe(what);
}

function count(what: string, byDefault: number, least = 0) {
  return z.int().min(least).max(0xffff_ffff).default(byDefault).describe(what);
}

const parsers = {
  4: { address: parseIpv4, prefix: parseIpv4Prefix, loopback: "127.0.0.1", port: 67 },
  6: { address: parseIpv6Key, prefix: parseIpv6Prefix, loopback: "::1", port: 547 },
};

/** Of both families. */
function parametersOf(family: 4 | 6) {
  const { address, prefix, loopback, port } = parsers[family];
  const isAddress = (text: string) => address(text) !== undefined;
  return {
    requesters: z
      .array(
        z
          .string()
          .refine((text) => isAddress(text) || prefix(text) !== undefined, `is no IPv${family} address or prefix`),
      )
      .min(1)
      .describe(
        "Addresses, or prefixes, of those that may ask for leases: in DHCPv4 the relay's in giaddr, else the sender's.",
      ),
    comment: z.string().optional().describe("A remark."),
    advanced: z
      .strictObject({
        "bulk-query-enabled": flag("Whether leases are told by TCP.", false),
        "active-query-enabled": z
          .literal(false, "must be false, as in Kea: active-leasequery in user-context.kotare is what switches it on")
          .default(false)
          .describe("As in Kea, no."),
        "extended-info-tables-enabled": z
          .boolean()
          .optional()
          .describe("Whether leases are found by relay-id and remote-id; as bulk-query-enabled unless given."),
        "lease-query-ip": z
          .string()
          .refine(isAddress, `is no IPv${family} address`)
          .default(loopback)
          .describe("The address at which connections are taken."),
        "lease-query-tcp-port": z.int().min(1).max(65_535).default(port).describe("The port there."),
        "max-bulk-query-threads": z
          .int()
          .min(0)
          .default(0)
          .describe("Has no effect: leases are told beside service, in slices."),
        "max-requester-connections": count("The most connections of all requesters at a time.", 10, 1),
        "max-concurrent-queries": count(
          "How many queries of a connection are worked on at a time; 0 for the default.",
          0,
        ),
        "max-requester-idle-time": count("Seconds after which a connection without data is closed.", 300, 1),
        "max-leases-per-fetch": count("How many leases are looked up at a time.", 100, 1),
        comment: z.string().optional().describe("A remark."),
      })
      .optional()
      .describe("Leases by TCP."),
  };
}

export const leaseQuerySchema = {
  4: z.strictObject(parametersOf(4)),
  6: z.strictObject({
    ...parametersOf(6),
    "prefix-lengths": z
      .array(z.int().min(1).max(128))
      .optional()
      .describe("Lengths of delegated prefixes that are looked for by an address in them; all that are delegated."),
  }),
};

/** What the configuration says, which has been checked; `undefined` where nobody may ask for leases. */
export function leaseQueryParameters(
  config: Pick<Dhcp4Config, "hooks-libraries">,
  family: 4 | 6,
): LeaseQueryParameters | undefined {
  const entry = config["hooks-libraries"].find(({ library }) => basename(library) === LIBRARY);
  return entry && leaseQuerySchema[family].parse(entry.parameters ?? {});
}

/** @param requesters as in the parameters @returns whether an address is one of theirs; no for what is none */
export function requesterTest(requesters: readonly string[], family: 4 | 6): (address: string) => boolean {
  return family === 4 ? requesterTest4(requesters) : requesterTest6(requesters);
}

function requesterTest4(requesters: readonly string[]): (text: string) => boolean {
  const prefixes = requesters.map((text): Ipv4Prefix => {
    const address = parseIpv4(text);
    return address === undefined ? parseIpv4Prefix(text)! : { address, length: 32 };
  });
  return (text) => {
    const asker: Ipv4 | undefined = parseIpv4(text);
    return asker !== undefined && prefixes.some((prefix) => prefixContains(prefix, asker));
  };
}

function requesterTest6(requesters: readonly string[]): (text: string) => boolean {
  const prefixes = requesters.map((text): readonly [Ipv6Key, number] => {
    const address = parseIpv6Key(text);
    if (address !== undefined) return [address, 128];
    const prefix = parseIpv6Prefix(text)!;
    return [readIpv6Key(prefix.address), prefix.length];
  });
  return (text) => {
    const asker = parseIpv6Key(text);
    return asker !== undefined && prefixes.some(([prefix, length]) => isInPrefix(asker, prefix, length));
  };
}
