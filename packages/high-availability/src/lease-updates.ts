/** What a server tells its partner of the leases that a packet changes: Kea's commands. */
import type { Exchange, Lease, LeaseChange } from "@kotare/extension";

/** A command for the partner. */
export interface Update {
  readonly command: string;
  readonly arguments: object;
  /** Of the leases that it is about. */
  readonly addresses: readonly string[];
}

const ORIGIN = { origin: "ha-partner" };

/** @param isConfirmed whether the partner is known to have the lease of an address as it stands */
export function updatesOf(
  { changes }: Pick<Exchange, "changes">,
  family: 4 | 6,
  isConfirmed: (address: string) => boolean,
): readonly Update[] {
  const told = changes.filter(({ kind, lease }) => kind !== "rely" || !isConfirmed(keyOf(lease)));
  if (told.length === 0) return [];
  return family === 4 ? told.map(updateOf) : [bulkOf(told)];
}

function updateOf({ kind, lease }: LeaseChange): Update {
  const addresses = [keyOf(lease)];
  return kind === "remove"
    ? { command: "lease4-del", arguments: { ...shown(lease), ...ORIGIN, "valid-lft": 0 }, addresses }
    : { command: "lease4-update", arguments: { ...shown(lease), ...ORIGIN, "force-create": true }, addresses };
}

/** All that a message changes goes in one. */
function bulkOf(changes: readonly LeaseChange[]): Update {
  const [deleted, put] = [true, false].map((isDeleted) =>
    changes.filter(({ kind }) => (kind === "remove") === isDeleted).map(({ lease }) => shown(lease)),
  );
  return {
    command: "lease6-bulk-apply",
    arguments: { leases: put, "deleted-leases": deleted, ...ORIGIN },
    addresses: changes.map(({ lease }) => keyOf(lease)),
  };
}

/** Kea's commands take the time at which a lease ends, and none of the client's last transmission. */
export function shown({ cltt, ...lease }: Lease): object {
  return { ...lease, expire: cltt + lease["valid-lft"] };
}

/** What tells a lease from others. */
export function keyOf(lease: Pick<Lease, "type" | "ip-address">): string {
  return `${lease.type ?? ""} ${lease["ip-address"]}`;
}
