/** Keys that subnets, pools and shared networks of both families have. */
import { z } from "zod";
import { compactText, count, names, text } from "./field.ts";
import { asKea, isEmpty, type KeaForm } from "./kea-form.ts";
import { keaAddress, keaPrefix } from "./kea-values.ts";

/** The subnet ids that an operator may give: 0 and 4294967295 have meanings of their own. */
const SUBNET_IDS = { min: 1, max: 4_294_967_294 };

export const subnetId = {
  id: count("The number that leases refer to. It must never change.", SUBNET_IDS),
};

/** What the schema says of an id, in a fraction of its time. */
export function isSubnetId(id: unknown): id is number {
  return Number.isInteger(id) && (id as number) >= SUBNET_IDS.min && (id as number) <= SUBNET_IDS.max;
}

/** Kea gives subnets and shared networks back in an order of its own. */
export const byId: KeaForm = { sortKey: ({ id }) => id as number };
export const byName: KeaForm = { sortKey: ({ name }) => name as string };

export function subnetPrefix(doc: string) {
  return asKea(compactText(doc), { format: keaPrefix });
}

export const poolId = {
  "pool-id": asKea(count("A number under which the pool's statistics are kept.").default(0), {
    isSilent: (id) => id === 0,
  }),
};

const relay = z
  .strictObject({
    "ip-addresses": asKea(names("Addresses of relays.").default([]), { format: (list) => list.map(keaAddress) }),
  })
  .describe("Relays whose clients belong to this subnet although the relays' addresses do not.");

/** Of subnets and shared networks. */
export const linkKeys = {
  interface: asKea(text("The interface whose clients without a relay belong here.").optional(), { isSilent: isEmpty }),
  relay: asKea(relay.optional(), {
    complete: (scopes) => scopes.find((scope) => scope["relay"] !== undefined)?.["relay"] ?? { "ip-addresses": [] },
  }),
  metadata: z.unknown().optional().describe("Set by configuration databases."),
};
