/** What `status-get` says of a pair, as Kea's does. */
import type { PairedServer } from "./paired-server.ts";

export function statusOf(server: PairedServer): Readonly<Record<string, unknown>> {
  const { relationship, partner } = server;
  const { mode, peers, "this-server-name": own, "max-unacked-clients": most } = relationship;
  const [local, remote] = [true, false].map((isOwn) => peers.find(({ name }) => (name === own) === isOwn)!);
  const heard = partner.lastState !== "";
  return {
    "high-availability": [
      {
        "ha-mode": mode,
        "ha-servers": {
          local: { role: local!.role, scopes: server.served, "server-name": own, state: server.state },
          remote: {
            age: heard ? Math.round(server.silence / 1000) : 0,
            "analyzed-packets": server.unacked,
            "communication-interrupted": server.isInterrupted,
            "connecting-clients": 0,
            "in-touch": heard,
            "last-scopes": partner.scopes,
            "last-state": partner.state === "unavailable" ? "unavailable" : partner.lastState,
            role: remote!.role,
            "server-name": remote!.name,
            "unacked-clients": server.unacked,
            "unacked-clients-left": server.isInterrupted ? Math.max(most - server.unacked + 1, 0) : 0,
          },
        },
      },
    ],
  };
}
