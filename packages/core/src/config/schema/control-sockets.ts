/** `control-sockets`: where commands come in. */
import { z } from "zod";
import { choice, flag, port, remarks, text } from "./field.ts";
import { asKea, isEmpty } from "./kea-form.ts";

const Credentials = z.strictObject({
  user: text("The user's name.").optional(),
  "user-file": text("A file that holds it.").optional(),
  password: text("The password.").optional(),
  "password-file": text("A file that holds it.").optional(),
  ...remarks,
});

const Authentication = z
  .strictObject({
    type: choice("The method.", ["basic"]),
    realm: text("The realm shown to clients.").default(""),
    directory: text("Where the files below are.").default(""),
    clients: z.array(Credentials).default([]).describe("Who may send commands."),
    ...remarks,
  })
  .describe("HTTP authentication.");

const ControlSocket = z.strictObject({
  "socket-type": choice("The transport.", ["unix", "http", "https"]),
  "socket-name": text("unix: the path of the socket.").optional(),
  "socket-address": text("http, https: the address to listen on.").optional(),
  "socket-port": port("http, https: the port to listen on.").optional(),
  authentication: Authentication.optional(),
  "trust-anchor": text("https: file or folder of the certificate authority.").optional(),
  "cert-file": text("https: our certificate.").optional(),
  "key-file": text("https: our private key.").optional(),
  "cert-required": flag("https: clients must show a certificate.").optional(),
  "http-headers": z
    .array(z.strictObject({ name: text("The header's name."), value: text("Its value."), ...remarks }))
    .optional()
    .describe("Headers to add to each answer."),
  ...remarks,
});

/** For `renamed`: the newer spelling, and the one of Kea 2.6. */
export const controlSockets = {
  "control-sockets": asKea(z.array(ControlSocket).optional().describe("Where commands come in."), {
    single: "control-socket",
    isSilent: isEmpty,
  }),
  "control-socket": ControlSocket.transform((socket) => [socket])
    .optional()
    .describe("Old spelling of `control-sockets` with one socket."),
};
