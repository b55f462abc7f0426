/** From the arguments of a command to what leases of both families have. */
import type { z } from "zod";
import type { Seconds } from "../../../base/clock.ts";
import { type Lease, LeaseState } from "../../../leases/model/lease.ts";
import { owedRemovals } from "../../../leases/user-context/owed-removals.ts";
import { type Answer, failed, Result } from "../../answer.ts";
import { formatJson, type Json } from "../../kea-json.ts";
import type { commonFields } from "./lease-fields.ts";

type Given = z.output<z.ZodObject<typeof commonFields>>;

/** Characters; in the lease file they may be many times as many bytes, and a row has its bound. */
const LONGEST_CONTEXT = 512 * 1024;

/** Kea 3's state of a lease that its client has given back: of ours, one that is reclaimed, and has lasted no time. */
const RELEASED = 3;

/** What a subnet has to say about a lease in it. */
interface Surroundings {
  readonly subnetId: number;
  readonly poolId: number;
  /** What the subnet's clients get. */
  readonly validLifetime: Seconds;
  readonly now: Seconds;
}

/** Where a lease may not be, or what does not go together. */
export function conflict(text: string): Answer {
  return failed(text, Result.conflict);
}

/** What is only on offer is nobody's, nor is what is kept for nothing but names that the DNS is to forget. */
export function heldLease<L extends Lease>(lease: L | undefined): L | undefined {
  if (lease === undefined || lease.state === LeaseState.offered) return undefined;
  return owedRemovals(lease.userContext).isGone ? undefined : lease;
}

/** @returns what is wrong where the arguments do not go together */
export function checkGiven(given: Given): Answer | undefined {
  if (given.hostname === undefined && (given["fqdn-fwd"] || given["fqdn-rev"])) {
    return failed("No hostname specified and either forward or reverse fqdn was set to true.");
  }
  if (given["valid-lft"] === 0 && given.state !== RELEASED)
    return failed("arguments.valid-lft: 0 is too small; it must be at least 1");
  return undefined;
}

/** @returns the part, or why there can be none */
export function commonPart(given: Given, { subnetId, poolId, validLifetime, now }: Surroundings): Lease | Answer {
  const isOver = given.state === RELEASED;
  // A lease of no time at all is none.
  const lifetime = isOver ? 1 : (given["valid-lft"] ?? validLifetime);
  if (given.expire !== undefined && given.expire < lifetime) {
    return failed("expiration time must be greater than valid lifetime");
  }
  const userContext = contextOf(given);
  if (userContext.length > LONGEST_CONTEXT) return failed("user-context is longer than a lease can have");
  return {
    validLifetime: lifetime,
    cltt: given.expire === undefined ? now : given.expire - lifetime,
    subnetId,
    poolId: given["pool-id"] ?? poolId,
    state: isOver ? LeaseState.reclaimed : (given.state as LeaseState),
    fqdnFwd: given["fqdn-fwd"],
    fqdnRev: given["fqdn-rev"],
    // Kea's are bytes, of which only ASCII has small letters.
    hostname: (given.hostname ?? "").replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
    userContext,
  };
}

function contextOf({ "user-context": context, comment }: Given): string {
  if (context === undefined && comment === undefined) return "";
  return formatJson({ ...context, ...(comment === undefined ? {} : { comment }) } as Json);
}
