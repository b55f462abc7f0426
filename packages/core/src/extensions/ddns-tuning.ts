/** `libdhcp_ddns_tuning.so`: names by expression, and clients whose names are kept out of the DNS. */
import { type Answer, defineExtension, type Edits, type Query } from "@kotare/extension";
import { latin1 } from "../base/bytes.ts";
import { parseLabels } from "../wire/domain-name.ts";
import { TextError } from "../wire/text-fields.ts";
import { expressionOrNone } from "./parameter-tools.ts";

/** The class of clients whose names are kept out of the DNS. */
const SKIPPED = "SKIP_DDNS";

export const ddnsTuning = defineExtension({
  name: "ddns-tuning",
  parameters: (tools) =>
    tools.z.object({
      "hostname-expr": expressionOrNone(tools).optional().describe("What clients are called; empty for no change."),
    }),
  contexts: (tools) => ({
    subnets: tools.z.looseObject({
      "ddns-tuning": tools.z.object({ "hostname-expr": expressionOrNone(tools).optional() }).optional(),
    }),
  }),
  start({ parameters: { "hostname-expr": global }, contexts: { subnets } }) {
    return {
      shape(query: Query, { subnetId }: Answer): Edits {
        const own = subnetId === undefined ? undefined : subnets.get(subnetId)?.["ddns-tuning"]?.["hostname-expr"];
        const evaluate = own ?? global;
        const hostname = evaluate && latin1(evaluate(query));
        return {
          ...(hostname !== undefined && isName(hostname) ? { hostname } : {}),
          ...(query.classes.has(SKIPPED) ? { updatesDns: false } : {}),
        };
      },
    };
  },
});

/** As in Kea a name that is none changes nothing. */
function isName(text: string): boolean {
  if (text === "") return false;
  try {
    return parseLabels(text).length > 0;
  } catch (error) {
    if (error instanceof TextError) return false;
    throw error;
  }
}
