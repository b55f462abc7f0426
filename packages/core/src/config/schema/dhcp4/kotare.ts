/** Keys of our own for DHCPv4. */
import { z } from "zod";
import { activeLeasequery } from "../active-leasequery.ts";
import { flag } from "../field.ts";
import { callOnChange, kotareServer, remarksWith } from "../kotare.ts";
import { authentication4 } from "./authentication4.ts";

const Kotare = z
  .strictObject({
    forcerenew: flag(
      "Whether clients that can be called by FORCERENEW are given a nonce for it (RFC 6704), so that the command " +
        "`forcerenew` can call them.",
    ).optional(),
    "authentication-required": flag(
      "Whether messages without option 90 get no answer; needs `authentication` at the top.",
    ).optional(),
  })
  .describe("Settings that Kea does not have; each is inherited by inner scopes.");

/** For scopes that such settings apply to: instead of `remarks`. */
export const kotareRemarks = remarksWith(Kotare);

/** For the global scope. */
export const globalRemarks4 = remarksWith(
  Kotare.extend({
    ...kotareServer,
    ...callOnChange,
    "active-leasequery": activeLeasequery([58, 59, 61, 82, 91, 153, 156, 157]),
    authentication: authentication4,
  }).describe("Settings that Kea does not have; the first two are inherited by inner scopes."),
);
