/** `lease6-bulk-apply`. */
import { z } from "zod";
import { formatIpv6Key } from "../../../ip/ipv6-key.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import { type Answer, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { Json } from "../../kea-json.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { crossing, findLease6, lease6Fields, makeLease6, which6Fields } from "./lease6-arguments.ts";

export const lease6BulkApply = defineCommand({
  name: "lease6-bulk-apply",
  access: "write",
  summary:
    "Deletes, adds and replaces many leases at once. All changes become durable together, or none does. A lease " +
    "to delete that does not exist is reported and does not stop the others.",
  arguments: z.object({
    leases: z.array(z.object(lease6Fields)).optional().describe("Leases to add or to replace, as for `lease6-add`."),
    "deleted-leases": z.array(z.object(which6Fields)).optional().describe("Leases to delete, as for `lease6-del`."),
    origin: lease6Fields.origin,
  }),
  examples: [
    {
      arguments: {
        "deleted-leases": [{ "ip-address": "2001:db8:1::18", type: "IA_NA" }],
        leases: [{ duid: "00:03:00:01:1a:1b:1c:1d:1e:1f", iaid: 1, "ip-address": "2001:db8:1::17", type: "IA_NA" }],
      },
      answer: {
        arguments: {
          "failed-deleted-leases": [
            { "error-message": "lease not found", "ip-address": "2001:db8:1::18", result: 3, type: "IA_NA" },
          ],
        },
        result: 0,
        text: "Bulk apply of 1 IPv6 leases completed.",
      },
    },
  ],
  run({ leases, "deleted-leases": deleted }, context: LeaseContext6): Answer | Promise<Answer> {
    if (leases === undefined && deleted === undefined) {
      return failed("neither 'deleted-leases' nor 'leases' parameter specified");
    }
    const made: Lease6[] = [];
    for (const given of leases ?? []) {
      const lease = makeLease6(given, context);
      if ("result" in lease) return failed(lease.text ?? "");
      made.push(lease);
    }
    return decideOnLeases(context, (batch) => {
      const missing: Json[] = [];
      const doomed: Lease6[] = [];
      for (const which of deleted ?? []) {
        const lease = findLease6(which, batch);
        if (lease === undefined) missing.push(describeMissing(which));
        else if ("result" in lease) return lease;
        else doomed.push(lease);
      }
      const spared = new Set(doomed.map(({ address }) => address));
      const crossed = made.map((lease) => crossing(lease, batch, spared)).find((why) => why !== undefined);
      if (crossed !== undefined) return crossed;
      const count = doomed.length + made.length;
      const answer: Answer = {
        result: count === 0 ? Result.empty : Result.success,
        text: `Bulk apply of ${count} IPv6 leases completed.`,
        ...(missing.length === 0 ? {} : { arguments: { "failed-deleted-leases": missing } }),
      };
      return { discard: doomed, put: made, answer };
    });
  },
});

function describeMissing({ "ip-address": address, type }: z.output<z.ZodObject<typeof which6Fields>>): Json {
  return {
    "error-message": "lease not found",
    ...(address === undefined ? {} : { "ip-address": formatIpv6Key(address) }),
    result: Result.empty,
    type,
  };
}
