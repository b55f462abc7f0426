/** Keys of our own. They stand in `user-context`, where Kea accepts anything: one file serves both daemons. */
import { z } from "zod";
import { remarks, text, userContext } from "./field.ts";

const SETTINGS = "Settings that Kea does not have.";

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

/** For the global scope of a server that has no other such keys. */
export const globalRemarks = remarksWith(z.strictObject(kotareServices).describe(SETTINGS));
