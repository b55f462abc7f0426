/** `dhcp-ddns` (the way to the DNS updater) and the keys that say which names are put into the DNS. */
import { z } from "zod";
import { CONFLICT_RESOLUTION_MODES } from "../../ncr/name-change-request.ts";
import { choice, count, flag, ipAddress, port, remarks, seconds, text } from "./field.ts";
import { asKea, type KeaMap } from "./kea-form.ts";
import { keaAddress } from "./kea-values.ts";

/** "Any address" in the family of the one that is sent to. */
function anyOf(map: KeaMap): string {
  return String(map["server-ip"]).includes(":") ? "::" : "0.0.0.0";
}

export const DhcpDdns = z
  .strictObject({
    "enable-updates": flag("Whether names are sent to the DNS updater at all."),
    "server-ip": ipAddress("Where the updater listens.").default("127.0.0.1"),
    "server-port": port("The updater's port.").default(53001),
    "sender-ip": asKea(ipAddress("The address to send from; empty for any.", { isEmptyAllowed: true }).default(""), {
      format: (address, map) => keaAddress(address) || anyOf(map),
    }),
    "sender-port": port("The port to send from; 0 for any.").default(0),
    "max-queue-size": count("How many requests may wait.", { min: 1 }).default(1024),
    "ncr-protocol": choice("The transport.", ["UDP", "TCP"]).default("UDP"),
    "ncr-format": choice("The format of requests.", ["JSON"]).default("JSON"),
    ...remarks,
  })
  .describe("How names are sent to the DNS updater.");

/** Keys of global, shared-network, subnet and (Kea 3) pool scope. */
export const ddnsBehaviour = {
  "ddns-send-updates": flag("Send names of this scope to the updater."),
  "ddns-override-no-update": flag("Update although the client asked for none."),
  "ddns-override-client-update": flag("Update the address record although the client wants to do it."),
  "ddns-replace-client-name": choice("When a generated name is used instead of the client's.", [
    "never",
    "always",
    "when-present",
    "when-not-present",
  ]),
  "ddns-generated-prefix": text("The beginning of generated names."),
  "ddns-qualifying-suffix": text("The domain appended to partial names."),
  "ddns-update-on-renew": flag("Send an update at each renewal too."),
  "ddns-conflict-resolution-mode": choice(
    "How the updater treats names that exist already.",
    CONFLICT_RESOLUTION_MODES,
  ),
  "ddns-ttl-percent": z.number().min(0).describe("Time to live of the records as a share of the lease's lifetime."),
  "ddns-ttl": seconds("Time to live of the records; 0 is unset."),
  "ddns-ttl-min": seconds("The least time to live; 0 is unset."),
  "ddns-ttl-max": seconds("The greatest time to live; 0 is unset."),
  "hostname-char-set": text("A regular expression for characters that names must not have."),
  "hostname-char-replacement": text("The text that replaces each character of `hostname-char-set`."),
};
