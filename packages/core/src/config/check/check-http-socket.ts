/** A control socket of type `http` or `https`: where it listens, its certificates, who may log in. */
import { isIP } from "node:net";
import type { Dhcp4Config } from "../dhcp4-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

export type SocketConfig = Dhcp4Config["control-sockets"][number];
type Client = NonNullable<SocketConfig["authentication"]>["clients"][number];

const TLS_KEYS = ["trust-anchor", "cert-file", "key-file"] as const;

/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What the answer itself is made of. */
const FRAMING = new Set([
  "connection",
  "content-length",
  "content-type",
  "date",
  "transfer-encoding",
  "www-authenticate",
]);

export function checkHttpSocket(socket: SocketConfig, pointer: Pointer, report: Report): void {
  const fault = (keys: Pointer, message: string, fix: string, severity: ConfigFault["severity"] = "error") =>
    report({ pointer: [...pointer, ...keys], message, fix, severity });
  const { "socket-address": address } = socket;
  if (socket["socket-name"] !== undefined) fault(["socket-name"], "is of unix sockets", 'write "socket-address"');
  if (address !== undefined && isIP(address) === 0)
    fault(["socket-address"], "is not an IP address", 'write one such as 127.0.0.1, or "::" for all');
  const given = TLS_KEYS.filter((key) => socket[key]);
  for (const key of TLS_KEYS) {
    if (socket[key] || (given.length === 0 && socket["socket-type"] === "http")) continue;
    fault([key], "is missing", `name the file: HTTPS needs ${TLS_KEYS.join(", ")}`);
  }
  const clients = socket.authentication?.clients ?? [];
  clients.forEach((client, i) => {
    for (const [key, message, fix] of faultsOf(client)) fault(["authentication", "clients", i, key], message, fix);
  });
  if (!/^[\x20-\x7e\x80-\xff]*$/.test(socket.authentication?.realm ?? ""))
    fault(["authentication", "realm"], "has a control character", "write plain text");
  socket["http-headers"]?.forEach(({ name, value }, i) => {
    if (!TOKEN.test(name))
      fault(["http-headers", i, "name"], "cannot be the name of a header", "write letters, digits and -");
    else if (FRAMING.has(name.toLowerCase()))
      fault(["http-headers", i, "name"], "is what every answer has of its own", "remove it");
    if (!/^[\t\x20-\x7e\x80-\xff]+$/.test(value))
      fault(["http-headers", i, "value"], "cannot be the value of a header", "write plain text");
  });
  if (clients.length > 0 || (given.length === TLS_KEYS.length && socket["cert-required"] !== false)) return;
  const what = "lets in everybody who reaches it, and so is not opened, unless the daemon is started with -X";
  fault(["socket-type"], what, 'write "authentication", with a client', "warning");
}

/** Kea's rules. */
function* faultsOf(client: Client): Generator<[key: string, message: string, fix: string]> {
  const { user, "user-file": userFile, password, "password-file": passwordFile } = client;
  if (user !== undefined && userFile !== undefined)
    yield ["user-file", 'does not go with "user"', "remove one of them"];
  if (password !== undefined && passwordFile !== undefined)
    yield ["password-file", 'does not go with "password"', "remove one of them"];
  if (user === "") yield ["user", "is empty", "write a name"];
  if (user?.includes(":")) yield ["user", "has a colon, which is where a password begins", "write another name"];
  if (user === undefined && userFile === undefined && passwordFile === undefined)
    yield ["user", "is missing", 'write "user": "admin"'];
  if (password === "1234")
    yield ["password", "is the one of Kea's examples, which everybody tries first", "choose another"];
}
