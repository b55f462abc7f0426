/** What an identity association is told: what it gets, what it must not use any more, or why there is nothing for it. */

import { mapped } from "@kotare/core/allocate/mapped";
import type { Seconds } from "@kotare/core/base/clock";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import type { WritableLease } from "@kotare/core/dhcp6/message-writer6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { encodePdExclude } from "@kotare/core/dhcp6/pd-exclude";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import type { Given6, IaAnswer } from "../path/outcome6.ts";
import { asksFor, type Query6 } from "../path/query6.ts";

/**
 * @param over what the client had and must not use any more
 * @param tees T1 and T2: only associations that get something are told them
 */
export function answerIa(
  query: Query6,
  ia: IdentityAssociation,
  given: readonly Given6[],
  over: readonly Lease6[],
  { t1, t2 }: { readonly t1: Seconds; readonly t2: Seconds },
): IaAnswer {
  const { code, iaid } = ia;
  if (given.length === 0) return { ...nothingFor(ia), leases: endedLeases(over) };
  const granted = mapped(given, (each) => writable(query, each));
  const leases = over.length === 0 ? granted : [...granted, ...endedLeases(over)];
  return { code, iaid, t1, t2, leases, status: undefined, given };
}

/** An association that gets nothing, and why. */
export function nothingFor({ code, iaid }: IdentityAssociation): IaAnswer {
  const status =
    code === Option6.iaNa
      ? { code: StatusCode6.NoAddrsAvail, text: "No address is available." }
      : { code: StatusCode6.NoPrefixAvail, text: "No prefix is available." };
  return { code, iaid, t1: 0, t2: 0, leases: [], status, given: [] };
}

function writable(query: Query6, { address, length, reserved, pool, lifetimes }: Given6): WritableLease {
  const { preferred, valid } = lifetimes;
  const excluded = reserved === undefined ? pool?.excludedPrefix : reserved.excluded;
  // RFC 6603 §5: only to clients that say in their list of wishes that they know the option.
  const isTold = excluded !== undefined && asksFor(query, Option6.pdExclude);
  return { address, length, preferred, valid, exclude: isTold ? encodePdExclude(length, excluded) : undefined };
}

/**
 * RFC 8415 §18.3.4: what the client had and must not use any more is told to it with lifetimes of 0. In answer to a
 * first message these are wishes, and no word is lost about them.
 */
function endedLeases(over: readonly Lease6[]): WritableLease[] {
  return mapped(over, ({ address, prefixLength: length }) => ({ address, length, preferred: 0, valid: 0 }));
}
