/** What a client is known by, to count it once. */
import type { Query } from "@kotare/extension";

/** In DHCPv4 hardware address and client-id, in DHCPv6 the DUID, as in Kea: some clients have no hardware address, or share one. */
export function clientName({ family, mac, clientId }: Pick<Query, "family" | "mac" | "clientId">): string {
  const id = clientId && Buffer.from(clientId.buffer, clientId.byteOffset, clientId.byteLength).toString("hex");
  if (family === 6) return `duid ${id ?? "none"}`;
  if (id === undefined) return mac;
  return mac === "" ? `client-id ${id}` : `${mac} client-id ${id}`;
}
