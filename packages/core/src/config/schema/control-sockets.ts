/** `control-sockets`: where commands come in. */
import { z } from "zod";
import { choice, flag, names, port, remarks, text, unfilled } from "./field.ts";
import { asKea, isEmpty } from "./kea-form.ts";
import { remarksWith } from "./kotare.ts";

/** Unless `socket-port` says another. */
export const HTTP_PORT = 8000;

const Client = z.strictObject({
  user: text("The user's name.").optional(),
  "user-file": text("A file that holds it.").optional(),
  password: text("The password; if there is none, it is empty.").optional(),
  "password-file": text("A file that holds it, or `user:password` where no user is given.").optional(),
  ...remarksWith(
    z
      .strictObject({
        access: z
          .union([choice("", ["read", "write"]), names("")])
          .optional()
          .describe(
            "What the user may do. `read`: everything that changes nothing, with passwords hidden; `write`, the default: " +
              "everything; or a list of commands and of pages such as `/metrics`.",
          ),
      })
      .describe("Settings that Kea does not have."),
  ),
});

const authentication = (realm: string) =>
  z
    .strictObject({
      type: choice("The method.", ["basic"]),
      realm: text("The realm shown to clients.").default(realm),
      directory: asKea(text("Where the files below are.").default(""), { isSilent: isEmpty }),
      clients: z.array(Client).default([]).describe("Who may log in. If the list is empty, nobody has to log in."),
      ...remarks,
    })
    .describe(
      "How users of HTTP log in. Without it nobody has to, and the daemon opens the socket only if it runs with -X.",
    );

const controlSocket = (realm: string) =>
  z.strictObject({
    "socket-type": choice("The transport.", ["unix", "http", "https"]),
    "socket-name": text("unix: the path of the socket.").optional(),
    "socket-address": text(
      "http, https: the address to listen on; if it is not given, the host's own, 127.0.0.1 or ::1.",
    ).optional(),
    "socket-port": unfilled(port("http, https: the port to listen on."), HTTP_PORT),
    authentication: authentication(realm).optional(),
    "trust-anchor": text("https: file or folder of the certificate authority.").optional(),
    "cert-file": text("https: our certificate.").optional(),
    "key-file": text("https: our private key.").optional(),
    "cert-required": unfilled(flag("https: whether clients need a certificate that the authority has signed."), true),
    "http-headers": z
      .array(z.strictObject({ name: text("The header's name."), value: text("Its value."), ...remarks }))
      .optional()
      .describe("Headers to add to each answer."),
    ...remarks,
  });

/** For `renamed`: the newer spelling, and the one of Kea 2.6. @param realm Kea's, of the daemon */
export function controlSockets(realm: string) {
  const ControlSocket = controlSocket(realm);
  return {
    "control-sockets": asKea(
      z.array(ControlSocket).optional().describe("The sockets on which the daemon takes commands."),
      {
        single: "control-socket",
        isSingle: (socket) => socket["socket-type"] === "unix",
        isSilent: isEmpty,
      },
    ),
    "control-socket": ControlSocket.transform((socket) => [socket])
      .optional()
      .describe("The older form of `control-sockets`, with one socket."),
  };
}
