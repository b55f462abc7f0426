/** What comes about without a packet, for extensions that want to know. */
import type { Event } from "@kotare/extension";
import type { CommandContext } from "../control/command-table.ts";
import type { LeaseChanges } from "../control/commands/lease/decide-on-leases.ts";
import { overEvent, overKind, tellObservers } from "../extensions/observer.ts";
import type { Extensions } from "../extensions/start-extensions.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { OnOver } from "./leases/upkeep.ts";
import type { PathTypes, Shown } from "./packets/packet-path.ts";

export interface PacketlessEvents<L extends Lease>
  extends Required<LeaseChanges<L> & Pick<CommandContext, "carriedOut">> {
  readonly over: OnOver<L>;
}

/** @param extensions those that are told now */
export function packetlessEvents<T extends PathTypes>(
  extensions: () => Extensions,
  { lease: show }: Pick<Shown<T>, "lease">,
): PacketlessEvents<T["lease"]> {
  const tell = (kind: Event["kind"], make: () => Event) => tellObservers(extensions(), kind, make);
  return {
    over: (lease, isRemoved) => tell(overKind(lease), () => overEvent(show(lease), isRemoved)),
    leaseChanged: (kind, lease, from) => tell(kind, () => ({ kind, lease: show(lease), from })),
    carriedOut: (name, args, answer) => tell("command", () => ({ kind: "command", name, arguments: args, answer })),
  };
}
