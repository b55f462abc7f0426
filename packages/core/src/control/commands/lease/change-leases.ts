/** What commands do to one lease, in either family. */
import type { Lease } from "../../../leases/model/lease.ts";
import { type Answer, done, failed, Result } from "../../answer.ts";
import type { Decision } from "./decide-on-leases.ts";
import { conflict } from "./given-lease.ts";

/** @param current what is there already @param name of the lease, for people */
export function addLease<L extends Lease>(
  family: 4 | 6,
  lease: L,
  current: L | undefined,
  name: string,
): Decision<L> | Answer {
  if (current !== undefined) return conflict(`IPv${family} lease already exists.`);
  return { put: [lease], answer: done(`Lease for ${name}, subnet-id ${lease.subnetId} added.`) };
}

/** @param isCreated whether it is added when it is not there */
export function updateLease<L extends Lease>(
  family: 4 | 6,
  lease: L,
  current: L | undefined,
  { name, isCreated }: { readonly name: string; readonly isCreated: boolean },
): Decision<L> | Answer {
  if (current === undefined && !isCreated) {
    // Kea's words: tools look for them.
    return conflict(
      `failed to update the lease with address ${name} either because the lease has been deleted or it has changed in the ` +
        "database, in both cases a retry might succeed",
    );
  }
  return { put: [lease], answer: done(`IPv${family} lease ${current === undefined ? "added" : "updated"}.`) };
}

/** @param found what was looked for, or why it is not clear what is meant */
export function deleteLease<L extends Lease>(family: 4 | 6, found: L | undefined | Answer): Decision<L> | Answer {
  if (found === undefined) return failed(`IPv${family} lease not found.`, Result.empty);
  if ("result" in found) return found;
  return { discard: [found], answer: done(`IPv${family} lease deleted.`) };
}
