/** Keys of our own. They stand in `user-context`, where Kea accepts anything: one file serves both daemons. */
import { z } from "zod";
import { choice, flag, remarks, text, userContext } from "./field.ts";

/** For the global scope of each daemon. */
export const kotareServices = {
  services: z
    .strictObject({
      dhcp4: text("The DHCPv4 server's.").optional(),
      dhcp6: text("The DHCPv6 server's.").optional(),
      d2: text("The DNS updater's.").optional(),
    })
    .optional()
    .describe(
      "The UNIX sockets of the other daemons. A command that comes by HTTP and names another daemon as its `service` " +
        "is passed on to that daemon's socket. A relative path is in the folder of this daemon's socket. If none is " +
        "given, the sockets there are kea4-ctrl-socket, kea6-ctrl-socket and kea-ddns-ctrl-socket.",
    ),
};

/** For the global scope of each server. */
export const kotareServer = {
  ...kotareServices,
  transport: choice(
    "`portable` has packets go through Node's own sockets, on any system, as is done anyway where the addon for the system is " +
      "missing. A DHCPv4 client that has no address yet is then answered by broadcast. If this is not given, the addon does more.",
    ["portable"],
  ).optional(),
  "active-leasequery": z
    .strictObject({
      insecure: flag("Whether changes are told without TLS, too.").default(false),
      "trust-anchor": text("A file or folder of certificates: who has one of these may connect.").optional(),
      "cert-file": text("The server's certificate. With it there is TLS, where requesters begin it.").optional(),
      "key-file": text("The server's key.").optional(),
      "cert-required": flag(
        "Whether requesters need a certificate of trust-anchor. Without it, `insecure` must be true.",
      ).default(true),
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
    ),
};

/** For the global scope of a server that calls clients. */
export const callOnChange = {
  "call-on-change": flag(
    "Whether a reload or a command that changes a subnet, or what is around it, has the clients there come back, ten a second: " +
      "those that can be called.",
  ).optional(),
};

/** Instead of `remarks`, where there are such keys. @param kotare what may stand under `kotare` */
export function remarksWith<Kotare extends z.ZodType>(kotare: Kotare) {
  return {
    ...remarks,
    "user-context": userContext(
      z
        .looseObject({ kotare: kotare.optional() })
        .describe("Data of the operator's own; under `kotare` settings that Kea does not have."),
    ),
  };
}
