/** Keys of our own for DHCPv6. */
import { z } from "zod";
import { activeLeasequery } from "../active-leasequery.ts";
import { flag } from "../field.ts";
import { callOnChange, kotareServer, remarksWith } from "../kotare.ts";

const Kotare = z
  .strictObject({
    "pd-routes": flag(
      "Whether the kernel gets a route to each delegated prefix, through its client or the client's relay.",
    ).optional(),
    reconfigure: flag(
      "Whether clients that accept RECONFIGURE are given a key for it, so that the command `reconfigure` can call them.",
    ).optional(),
  })
  .describe("Settings that Kea does not have; each is inherited by inner scopes.");

/** For scopes that such settings apply to: instead of `remarks`. */
export const kotareRemarks = remarksWith(Kotare);

/** For the global scope. */
export const globalRemarks6 = remarksWith(
  Kotare.extend({ ...kotareServer, ...callOnChange, "active-leasequery": activeLeasequery([1, 47]) }).describe(
    "Settings that Kea does not have; the first two are inherited by inner scopes.",
  ),
);
