/** What a pair of servers is configured with: Kea's `high-availability`. */
import type { ParameterTools } from "@kotare/extension";
import type { z } from "zod";
import { type Fault, faultsOf, faultsOfAll } from "./parameter-faults.ts";
import { type Relationship, relationshipSchema } from "./relationship-schema.ts";

export type Parameters = z.output<ReturnType<typeof parametersSchema>>;

export function parametersSchema(tools: ParameterTools) {
  const { z } = tools;
  const relationship = relationshipSchema(tools)
    .superRefine((given, { issues }) => void issues.push(...issuesOf(faultsOf(given), given)))
    .transform(complete);
  return z.strictObject({
    "high-availability": z
      .array(relationship)
      .min(1)
      .superRefine((given, { issues }) => void issues.push(...issuesOf(faultsOfAll(given), given))),
  });
}

function issuesOf(faults: Iterable<Fault>, input: unknown) {
  return [...faults].map(([path, message]) => ({ code: "custom" as const, path: [...path], message, input }));
}

/** What a peer does not say for itself the relationship says for it. */
function complete({ peers, ...rest }: Relationship): Relationship {
  const usual: Partial<Relationship> = Object.fromEntries(INHERITED.map((key) => [key, rest[key]]));
  return { ...rest, peers: peers.map((peer) => ({ ...usual, ...peer })) };
}

const INHERITED = ["trust-anchor", "cert-file", "key-file", "require-client-certs"] as const;
