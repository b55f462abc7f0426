/** What the parameters of a pair mean for one of its servers. */

import type { Pair } from "../state-machine.ts";
import type { Peer, Relationship } from "./relationship-schema.ts";

export function pairOf(relationship: Relationship): Pair {
  const { mode } = relationship;
  const { role, partner } = othersIn(relationship);
  return {
    mode,
    alone: partner === undefined ? (role === "backup" ? "backup" : "passive-backup") : undefined,
    isPrimary: role === "primary",
    syncs: relationship["sync-leases"],
    mostUnacked: relationship["max-unacked-clients"],
    mostDelayed: mode === "load-balancing" ? (relationship["delayed-updates-limit"] ?? 100) : 0,
    mostRejected: relationship["max-rejected-lease-updates"],
  };
}

/** Whom a server has to do with; a backup only listens. */
export function othersIn({ peers, "this-server-name": own }: Relationship) {
  const { role } = peers.find(({ name }) => name === own)!;
  const others: readonly Peer[] = role === "backup" ? [] : peers.filter(({ name }) => name !== own);
  return {
    role,
    partner: others.find((peer) => peer.role !== "backup"),
    backups: others.filter((peer) => peer.role === "backup"),
  };
}
