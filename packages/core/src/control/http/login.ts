/** Who asks at an HTTP socket: by the login of a request, or the certificate of the other end. */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { Logger } from "../../log/logger.ts";
import { authMessages } from "../messages.ts";
import type { HttpConnection } from "./http-connection.ts";
import type { HttpSettings } from "./http-settings.ts";
import type { LoginGuard } from "./login-guard.ts";
import { Refusal } from "./refusal.ts";
import type { User } from "./users.ts";

export interface LoginHost {
  readonly settings: HttpSettings;
  readonly guard: LoginGuard;
  readonly log: Logger;
}

/** Who has been looked up for an earlier request of the connection, which had the same header. */
export function loggedIn(
  { headers }: IncomingMessage,
  { login }: HttpConnection,
  { settings }: LoginHost,
): User | undefined {
  if (login?.users !== settings.users) return undefined;
  return login?.header === headers.authorization ? login?.user : undefined;
}

/** Who fails too often waits for the answer. */
export async function login(
  request: IncomingMessage,
  connection: HttpConnection,
  host: LoginHost,
): Promise<User | Refusal> {
  const { settings, guard, log } = host;
  const { users } = settings;
  if (users === undefined) return { name: certified(request) ?? "somebody", rights: settings.rights };
  const known = loggedIn(request, connection, host);
  if (known !== undefined) return known;
  const { authorization = "" } = request.headers;
  const wanted = { "WWW-Authenticate": `Basic realm="${users.realm.replace(/["\\]/g, "\\$&")}"` };
  if (authorization === "") return new Refusal(401, "", wanted);
  const found = await guard.login(connection.source, () => users.find(authorization));
  if (found.kind === "busy") return new Refusal(429, "too many failed logins from there", { "Retry-After": "10" });
  if (found.kind === "failed") {
    const { failures } = found;
    log.log(authMessages.HTTP_CLIENT_REQUEST_NOT_AUTHORIZED, { client: connection.address, failures });
    return new Refusal(401, "", wanted);
  }
  connection.login = { header: authorization, users, user: found.user };
  return found.user;
}

/** Whom the certificate of the other end names. */
function certified({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket && socket.authorized)) return undefined;
  return String(socket.getPeerCertificate().subject.CN);
}
