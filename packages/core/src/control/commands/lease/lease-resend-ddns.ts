/** `lease4-resend-ddns` and `lease6-resend-ddns`. */
import { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { type Answer, done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import { exampleAddress } from "./example-leases.ts";
import { conflict } from "./given-lease.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";

/** Addresses that have names, in a family. */
interface NamedAddresses<L extends AnyLease, Batch> {
  readonly family: 4 | 6;
  readonly address: z.ZodType<L["address"]>;
  find(address: L["address"], batch: Batch): L | undefined;
  format(address: L["address"]): string;
}

export function leaseResendDdns<L extends AnyLease, Batch extends LeaseBatch<L>>({
  family,
  address,
  find,
  format,
}: NamedAddresses<L, Batch>) {
  const example = exampleAddress[family];
  return defineCommand({
    name: `lease${family}-resend-ddns`,
    access: "write",
    summary: "Sends the names of a lease to the DNS again, where updates are on.",
    arguments: z.object({ "ip-address": address }),
    examples: [
      {
        arguments: { "ip-address": example },
        answer: { result: 0, text: `NCR generated for: ${example}, hostname: printer.example.org` },
      },
    ],
    run({ "ip-address": given }, context: BatchContext<L, Batch>) {
      return decideOnLeases<L, Batch>(context, (batch) => resendNames(context, find(given, batch), format(given)));
    },
  });
}

/** @param lease the one at the address; `undefined` for none @param address for people */
function resendNames<L extends AnyLease, Batch extends LeaseBatch<L>>(
  context: BatchContext<L, Batch>,
  lease: L | undefined,
  address: string,
): Answer {
  if (!context.config()["dhcp-ddns"]["enable-updates"]) return conflict("DDNS updating is not enabled");
  if (lease === undefined) return failed(`No lease found for: ${address}`, Result.empty);
  if (lease.hostname === "") return conflict(`Lease for: ${address}, has no hostname, nothing to update`);
  if (!lease.fqdnFwd && !lease.fqdnRev) {
    return conflict(`Neither forward nor reverse updates enabled for lease for: ${address}`);
  }
  if (!context.resendNames(lease)) return failed("Too many names are on their way to the DNS updater: try again");
  return done(`NCR generated for: ${address}, hostname: ${lease.hostname}`);
}
