/** `libdhcp_lease_query.so`: who is listed may ask for leases (RFC 4388). What is answered is the server's own matter. */
import { defineExtension, type Identity } from "@kotare/extension";
import { type Ipv4Prefix, parseIpv4, parseIpv4Prefix, prefixContains } from "../../ip/ipv4.ts";

const LEASEQUERY = "DHCPLEASEQUERY";
const ASKER: Identity = { mayQueryLeases: true };

export const leaseQuery = defineExtension({
  name: "lease-query",
  family: 4,
  parameters: ({ z }) =>
    z.strictObject({
      requesters: z
        .array(z.string().refine((text) => parseRequester(text) !== undefined, "is no IPv4 address or prefix"))
        .min(1)
        .describe("Addresses, or prefixes, of relays that may ask for leases: they stand in giaddr."),
      comment: z.string().optional().describe("A remark."),
      advanced: z
        .strictObject({
          "bulk-query-enabled": z
            .literal(false, "is not supported yet: leases are told by UDP only")
            .default(false)
            .describe("Whether many leases may be asked for at once, by TCP."),
          "active-query-enabled": z
            .literal(false, "is not supported yet: leases are told by UDP only")
            .default(false)
            .describe("Whether changes of leases may be asked for, by TCP."),
        })
        .optional()
        .describe("Leasequery by TCP."),
    }),
  start({ parameters: { requesters } }) {
    const prefixes = requesters.map((text) => parseRequester(text)!);
    return {
      identify(query) {
        if (query.type !== LEASEQUERY) return undefined;
        const asker = parseIpv4(query.relay ?? "");
        if (asker === undefined) return undefined;
        return prefixes.some((prefix) => prefixContains(prefix, asker)) ? ASKER : undefined;
      },
    };
  },
});

function parseRequester(text: string): Ipv4Prefix | undefined {
  const address = parseIpv4(text);
  return address === undefined ? parseIpv4Prefix(text) : { address, length: 32 };
}
