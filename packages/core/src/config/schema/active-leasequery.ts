/** Our own key `active-leasequery`: what requesters are told by TCP, and how (RFC 7724, RFC 7653). */
import { z } from "zod";
import { count, flag, text } from "./field.ts";

/** @param options codes of what may be withheld: the rest is what an answer is about */
export function activeLeasequery(options: readonly number[]) {
  return (
    z
      .strictObject({
        insecure: flag("Whether changes are told without TLS, too.").default(false),
        "trust-anchor": text("A file or folder of certificates: who has one of these may connect.").optional(),
        "cert-file": text("The server's certificate. With it there is TLS, where requesters begin it.").optional(),
        "key-file": text("The server's key.").optional(),
        "cert-required": flag(
          "Whether requesters need a certificate of trust-anchor. Without it, `insecure` must be true.",
        ).default(true),
        "max-removed-leases": count(
          "How many leases that were removed are remembered, for requesters that say since when they have heard nothing.",
          { max: 1_000_000 },
        ).default(10_000),
        "withheld-options": z
          .array(z.literal(options))
          .default([])
          .describe("Codes of options that no requester is told by TCP, though it asks for them."),
      })
      .refine(
        (keys) => (keys["cert-file"] === undefined) === (keys["key-file"] === undefined),
        "needs both cert-file and key-file, or neither",
      )
      .refine((keys) => keys.insecure || keys["cert-file"] !== undefined, "needs cert-file and key-file, or insecure")
      .refine(
        (keys) => keys["cert-file"] === undefined || !keys["cert-required"] || keys["trust-anchor"] !== undefined,
        "needs trust-anchor, or cert-required to be false",
      )
      // RFC 7724 §8.1, RFC 7653 §9.1: both sides show a certificate.
      .refine((keys) => keys.insecure || keys["cert-required"], "needs cert-required to be true, or insecure")
      .optional()
      .describe(
        "Requesters of libdhcp_lease_query.so may ask for each change of a lease as it comes (RFC 7724, RFC 7653). It " +
          "needs bulk-query-enabled.",
      )
  );
}
