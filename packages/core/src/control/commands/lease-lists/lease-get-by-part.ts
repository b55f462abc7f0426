/** `lease4-get-by-part` and `lease6-get-by-part`. */
import { z } from "zod";
import { UINT32_MAX } from "../../../config/schema/field.ts";
import { Sought } from "../../../leases/model/sought.ts";
import { defineCommand } from "../../command.ts";
import { exampleList } from "../lease/example-leases.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";
import { streamPage } from "./answer-leases.ts";

/** Hexadecimal digits in pairs, with what people put between them; a last digit that stands alone has not been typed to its end. */
const HEX = /^(?:[\da-f]{2}[:.-]?)+[\da-f]?$/i;

/** @param identifiersOf what the client of a lease is known by */
export const leaseGetByPart = <L extends AnyLease>(
  family: 4 | 6,
  identifiersOf: (lease: L) => readonly (Uint8Array | undefined)[],
) =>
  defineCommand({
    name: `lease${family}-get-by-part`,
    access: "read",
    summary:
      "Returns the leases, ordered by address and up to `limit`, whose host name or client has a text in it, for a " +
      "search while it is typed. The command searches all leases while service goes on.",
    arguments: z.object({
      part: z
        .string()
        .min(1)
        .describe("A part of the name, in upper or lower case, or hexadecimal digits of an identifier."),
      limit: z.int().min(1).max(UINT32_MAX).describe("The most leases to return."),
    }),
    examples: [{ arguments: { part: "print", limit: 100 }, answer: exampleList(family, { count: 1 }) }],
    run({ part, limit }, context: LeaseContext<L>) {
      const name = part.toLowerCase();
      const bytes = HEX.test(part) ? Buffer.from(part.replace(/[:.-]/g, ""), "hex") : undefined;
      const isWanted = (lease: L) =>
        (lease.hostname !== "" && lease.hostname.toLowerCase().includes(name)) ||
        (bytes !== undefined && identifiersOf(lease).some((each) => each !== undefined && hasBytes(each, bytes)));
      return streamPage(context, undefined, limit, isWanted, new Sought(name, bytes));
    },
  });

function hasBytes(all: Uint8Array, wanted: Uint8Array): boolean {
  for (let start = 0; start + wanted.length <= all.length; start++) {
    let length = 0;
    while (length < wanted.length && all[start + length] === wanted[length]) length++;
    if (length === wanted.length) return true;
  }
  return false;
}
