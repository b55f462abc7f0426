/** What `status-get` says of pairs: Kea's keys, those of Kea 3 among them. */
import type { PairedServer } from "../paired-server.ts";

export function statusOf(servers: readonly PairedServer[]): Readonly<Record<string, unknown>> {
  return { "high-availability": servers.map(statusOfOne) };
}

function statusOfOne(server: PairedServer): object {
  const { mode } = server.relationship;
  const remote = server.partnerName === undefined ? {} : { remote: remoteOf(server, server.partnerName) };
  return { "ha-mode": mode, "ha-servers": { local: localOf(server), ...remote } };
}

function localOf({ relationship, served, state, partner, wall }: PairedServer): object {
  const own = relationship["this-server-name"];
  // It is there to be compared with the partner's.
  const time = partner.lastState === "" ? null : timeOf(wall);
  return { role: roleOf(relationship, own), scopes: served, "server-name": own, state, "system-time": time };
}

function remoteOf(server: PairedServer, name: string): object {
  const { relationship, partner, connecting, isInterrupted, silence, wall } = server;
  const isHeard = partner.lastState !== "";
  const left = relationship["max-unacked-clients"] - connecting.unacked + 1;
  return {
    age: isHeard ? Math.round(silence / 1000) : 0,
    "analyzed-packets": connecting.analyzed,
    "clock-skew": isHeard ? partner.skew : null,
    "communication-interrupted": isInterrupted,
    "connecting-clients": connecting.count,
    // As Kea has it: something has come of an attempt.
    "in-touch": partner.state !== "unknown",
    "last-scopes": partner.scopes,
    "last-state": partner.state === "unavailable" ? "unavailable" : partner.lastState,
    role: roleOf(relationship, name),
    "server-name": name,
    "system-time": isHeard ? timeOf(wall + partner.skew) : null,
    "unacked-clients": connecting.unacked,
    "unacked-clients-left": isInterrupted ? Math.max(left, 0) : 0,
  };
}

function roleOf({ peers }: PairedServer["relationship"], name: string) {
  return peers.find((peer) => peer.name === name)!.role;
}

/** As Kea 3 writes it: `2026-11-30 17:22:17`, in UTC. @param seconds Unix time */
function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}
