/** What `leaseN-resend-ddns` does, in either family. */
import { type Answer, done, failed, Result } from "../../answer.ts";
import { conflict } from "./given-lease.ts";
import type { AnyLease, LeaseContext } from "./lease-context.ts";

/** @param lease the one at the address; `undefined` for none @param address for people */
export function resendNames<L extends AnyLease>(
  context: LeaseContext<L>,
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
