/** `libdhcp_lease_query.so`: who is listed may ask for leases (RFC 4388, RFC 5007). What is answered is the server's own matter. */
import { defineExtension, type Identity } from "@kotare/extension";
import { type LeaseQueryParameters, leaseQuerySchema, requesterTest } from "./lease-query-parameters.ts";

const ASKER: Identity = { mayQueryLeases: true };

export const leaseQuery = defineExtension<LeaseQueryParameters, unknown, unknown>({
  name: "lease-query",
  parameters: ({ family }) => leaseQuerySchema[family],
  start({ parameters: { requesters, advanced }, family, log }) {
    const isRequester = requesterTest(requesters, family);
    if (advanced !== undefined && advanced["max-bulk-query-threads"] > 0) {
      log.warn("max-bulk-query-threads has no effect: leases are told beside service, in slices");
    }
    return {
      identify({ type, source, relay }) {
        if (family === 4) return type === "DHCPLEASEQUERY" && isRequester(relay ?? "") ? ASKER : undefined;
        // RFC 5007 §5: the answer would go back through the relay, to any client behind it.
        return type === "LEASEQUERY" && relay === undefined && isRequester(source) ? ASKER : undefined;
      },
    };
  },
});
