/** The server's own place for its partner's commands, at the address of its `url`. */
import type { Listener } from "@kotare/extension";
import type { Relationship } from "../parameters/relationship-schema.ts";
import { BEGIN } from "../synchronise.ts";
import { loginOf, tlsFilesOf } from "./credentials.ts";

/** What partners and those who watch a pair need: Kea's list for `restrict-commands`. */
const COMMANDS = [
  "list-commands",
  "status-get",
  "dhcp-disable",
  "dhcp-enable",
  "ha-heartbeat",
  "ha-reset",
  "ha-maintenance-notify",
  BEGIN,
  "ha-sync-complete-notify",
  ...["lease4", "lease6"].flatMap((lease) =>
    ["update", "del", "get-all", "get-page", "bulk-apply", "get-rows"].map((what) => `${lease}-${what}`),
  ),
];

/** None where partners use a control socket; several relationships may share one. */
export function listenersOf(relationships: readonly Relationship[]): readonly Listener[] {
  const listeners = relationships.flatMap(listenerOf);
  return [...new Map(listeners.map((listener) => [`${listener.address} ${listener.port}`, listener])).values()];
}

function listenerOf(relationship: Relationship): readonly Listener[] {
  const { peers, "this-server-name": own, "multi-threading": threads } = relationship;
  if (!threads["http-dedicated-listener"] || threads["enable-multi-threading"] === false) return [];
  const peer = peers.find(({ name }) => name === own)!;
  const { url } = peer;
  const address = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const commands = relationship["restrict-commands"] === false ? {} : { commands: COMMANDS };
  const [login, files] = [loginOf(peer), tlsFilesOf(peer)];
  const tls = files && { ...files, isCertRequired: peer["require-client-certs"] ?? true };
  return [{ address, port, ...commands, ...(login && { login }), ...(tls && { tls }) }];
}
