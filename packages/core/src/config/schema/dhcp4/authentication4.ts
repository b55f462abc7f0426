/** Our own key `authentication`: what clients authenticate their messages with (RFC 3118). */
import { z } from "zod";
import { flag, names, text, UINT32_MAX } from "../field.ts";

/** Longer ones are hashed first (RFC 2104), and a token has to fit into its option. */
const LONGEST = 200;

const AuthKey = z
  .strictObject({
    protocol: z
      .enum(["delayed", "token"])
      .default("delayed")
      .describe(
        "`delayed`: messages are signed with HMAC-MD5. `token`: each has the secret in clear, which stops accidents only.",
      ),
    id: z
      .int()
      .min(0)
      .max(UINT32_MAX)
      .optional()
      .describe("By which client and server name the key; of `delayed` only."),
    secret: z.string().min(1).max(LONGEST).describe("The secret itself, as text."),
    master: flag(
      "Whether each client has a secret of its own, the HMAC-MD5 of its client identifier, or hardware address, with this one.",
    ).default(false),
    client: text(
      "The hardware address or client identifier of the one client that has this key, as in reservations; any client unless given.",
    ).optional(),
  })
  .refine(
    ({ protocol, id }) => (protocol === "delayed") === (id !== undefined),
    "needs an id where it is for delayed authentication, and only there",
  )
  .refine(({ protocol, master }) => protocol === "delayed" || !master, "is a token, from which no secrets are derived");

export const authentication4 = z
  .strictObject({
    keys: z.array(AuthKey).min(1).describe("A client's own keys come first, then the others in their order."),
    "required-classes": names("Classes whose members get no answer without authentication.").default([]),
  })
  .optional()
  .describe(
    "Authentication of clients (RFC 3118). It is used where a client offers it, and has to be where " +
      "`authentication-required` or `required-classes` say so.",
  );
