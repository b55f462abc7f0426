/** `libdhcp_flex_id.so`: an identifier for reservations, and for leases if that is wanted, computed by an expression. */
import { defineExtension, type Identity } from "@kotare/extension";

/** What stands before the identifier where it takes the place of option 61, or of a DUID: as in Kea. */
const PREFIX = { 4: Uint8Array.of(0), 6: Uint8Array.of(0, 0) } as const;

export const flexId = defineExtension({
  name: "flex-id",
  parameters: ({ z, expression }) =>
    z.strictObject({
      "identifier-expression": expression.describe("What the identifier is; empty for none."),
      "replace-client-id": z.boolean().default(false).describe("Whether it counts as client identifier or DUID, too."),
      "ignore-iaid": z
        .boolean()
        .default(false)
        .refine((isWanted) => !isWanted, "is not supported yet")
        .describe("DHCPv6: whether a client's associations are the same whatever their numbers."),
    }),
  start({ parameters: { "identifier-expression": evaluate, "replace-client-id": replaces }, family }) {
    return {
      identify(query): Identity | undefined {
        const flexible = evaluate(query);
        if (flexible.length === 0) return undefined;
        return replaces
          ? { flexId: flexible, clientId: Buffer.concat([PREFIX[family], flexible]) }
          : { flexId: flexible };
      },
    };
  },
});
