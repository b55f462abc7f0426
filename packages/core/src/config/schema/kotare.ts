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
