/** Keys of our own. They stand in `user-context`, where Kea accepts anything: one file serves both daemons. */
import { z } from "zod";
import { flag, remarks, userContext } from "../field.ts";

const Kotare = z
  .strictObject({
    "pd-routes": flag(
      "Whether the kernel gets a route for each prefix that is delegated, by way of its client or the client's relay.",
    ).optional(),
  })
  .describe("Settings that Kea does not have; each is inherited by inner scopes.");

/** For scopes that such settings apply to: instead of `remarks`. */
export const kotareRemarks = {
  ...remarks,
  "user-context": userContext(
    z
      .looseObject({ kotare: Kotare.optional() })
      .describe("Data of the operator's own; under `kotare` settings that Kea does not have."),
  ),
};
