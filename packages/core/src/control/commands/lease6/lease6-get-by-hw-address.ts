/** `lease6-get-by-hw-address`. */
import { z } from "zod";
import { equalBytes } from "../../../base/bytes.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import { Sought } from "../../../leases/model/sought.ts";
import { defineCommand } from "../../command.ts";
import { exampleList } from "../lease/example-leases.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { hwAddress } from "../lease/lease-fields.ts";
import { streamLeases } from "../lease-lists/answer-leases.ts";

export const lease6GetByHwAddress = defineCommand({
  name: "lease6-get-by-hw-address",
  access: "read",
  summary:
    "Returns all leases of a hardware address, where it is known. The command searches all leases while service " +
    "goes on. Kea has it since 3.1.1.",
  arguments: z.object({ "hw-address": hwAddress("The client's hardware address.") }),
  examples: [{ arguments: { "hw-address": "1a:1b:1c:1d:1e:1f" }, answer: exampleList(6) }],
  run({ "hw-address": hwaddr }, context: LeaseContext6) {
    const isWanted = (lease: Lease6) => hwaddr.length > 0 && equalBytes(lease.hwaddr, hwaddr);
    return streamLeases(context, isWanted, new Sought(undefined, hwaddr));
  },
});
