/** How a partner is told of changes of leases: by the commands that it has. */
import type { Lease, LeaseChange } from "@kotare/extension";
import type { Way } from "./link/partner-link.ts";

/** A change of a lease, made to last: what it is made of may be gone when it is told. */
export interface Change {
  readonly kind: LeaseChange["kind"];
  /** Of what it is about: changes of one are told in their order. */
  readonly address: string;
  /** At least one of the two is there. */
  readonly lease: Lease | undefined;
  readonly row: string | undefined;
}

export interface Form {
  readonly takes: "lease" | "row";
  readonly way: Way;
  /** Changes in a command. */
  readonly most: number;
  /** Commands at a time. */
  readonly parallel: number;
  /** @param changes each of another address @param ahead seconds by which the partner's clock is ahead */
  commandOf(changes: readonly Change[], ahead: number): Update;
}

export interface Update {
  readonly command: string;
  readonly arguments: object;
}

const ORIGIN = { origin: "ha-partner" };

/** Kea's own: one change a command, many at a time, since the other end makes durable together what comes together. */
const oneByOne: Form = {
  takes: "lease",
  way: "request",
  most: 1,
  parallel: 32,
  commandOf([change]) {
    const { kind, lease } = change!;
    return kind === "remove"
      ? { command: "lease4-del", arguments: { ...shown(lease!), ...ORIGIN, "valid-lft": 0 } }
      : { command: "lease4-update", arguments: { ...shown(lease!), ...ORIGIN, "force-create": true } };
  },
};

/** What Kea has for all that one message changes: it takes changes of others as well. */
const together6: Form = {
  takes: "lease",
  way: "request",
  most: 64,
  parallel: 8,
  commandOf(changes) {
    const [deleted, put] = [true, false].map((isDeleted) =>
      changes.filter(({ kind }) => (kind === "remove") === isDeleted).map(({ lease }) => shown(lease!)),
    );
    return { command: "lease6-bulk-apply", arguments: { leases: put, "deleted-leases": deleted, ...ORIGIN } };
  },
};

/** Between two of ours: rows of the lease file, as many as there are. */
function inRows(family: 4 | 6): Form {
  return {
    takes: "row",
    way: "stream",
    most: 512,
    // What comes meanwhile goes together in the next one, which costs both servers hardly more than one change alone.
    parallel: 1,
    commandOf: (changes, shift) => ({
      command: `lease${family}-bulk-apply`,
      arguments: { rows: changes.map(({ row }) => row).join(""), shift, "newer-stays": true, ...ORIGIN },
    }),
  };
}

/** @param commands those that the partner has */
export function formFor(family: 4 | 6, commands: ReadonlySet<string>): Form {
  if (commands.has(`lease${family}-get-rows`)) return inRows(family);
  return family === 4 ? oneByOne : together6;
}

/** @param takes what of it is needed; both where that is not known yet */
export function lasting(change: LeaseChange, takes: Form["takes"] | undefined): Change {
  // Each is made when it is looked at.
  const row = takes === "lease" ? undefined : change.row;
  const lease = takes === "row" ? undefined : change.lease;
  const address = lease?.["ip-address"] ?? row!.slice(0, row!.indexOf(","));
  return { kind: change.kind, address, lease, row };
}

/** Kea's commands take the time at which a lease ends, and none of the client's last transmission. */
export function shown({ cltt, ...lease }: Lease): object {
  return { expire: cltt + lease["valid-lft"], ...lease };
}
