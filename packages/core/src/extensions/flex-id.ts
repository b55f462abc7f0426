/** `libdhcp_flex_id.so`: an identifier for reservations, and for leases if that is wanted, computed by an expression. */
import { defineExtension, type Identity } from "@kotare/extension";
import { expressionOrNone } from "./parameter-tools.ts";

/** What stands before the identifier where it takes the place of option 61, or of a DUID: as in Kea. */
const PREFIX = { 4: Uint8Array.of(0), 6: Uint8Array.of(0, 0) } as const;

export const flexId = defineExtension({
  name: "flex-id",
  parameters: (tools) => {
    const { z } = tools;
    return z.object({
      "identifier-expression": expressionOrNone(tools).describe("What the identifier is; empty for none."),
      "replace-client-id": z.boolean().default(false).describe("Whether it counts as client identifier or DUID, too."),
      // In DHCPv4 Kea does not look at it.
      "ignore-iaid": (tools.family === 6 ? z.boolean().default(false) : z.unknown().optional()).describe(
        "DHCPv6: whether a client's only association of a kind is the same whatever its number.",
      ),
    });
  },
  start({ parameters, family, log }) {
    const { "identifier-expression": evaluate, "replace-client-id": replaces } = parameters;
    const ignoresIaid = family === 6 && parameters["ignore-iaid"] === true;
    if (ignoresIaid) log.warn("ignore-iaid is not as RFC 8415 has it: use it only for clients that need it");
    return {
      identify(query): Identity | undefined {
        const flexible = evaluate(query);
        if (flexible.length === 0) return { ignoresIaid };
        const clientId = replaces ? { clientId: Buffer.concat([PREFIX[family], flexible]) } : {};
        return { flexId: flexible, ignoresIaid, ...clientId };
      },
    };
  },
});
