/**
 * Kea's tables beside its lease tables, in which DHCPv6 leases are found by the ids of their relays (RFC 5460 §5.4): what
 * changes of leases do to them. A row goes with its lease, as the database sees to itself.
 */
import { parseHex } from "../../base/hex.ts";
import type { Lease } from "../model/lease.ts";
import type { RelayIdKind } from "../model/lease-store.ts";
import type { Lease6 } from "../model/lease6.ts";
import { relayIdsOf } from "../user-context/relay-info6.ts";
import type { Change } from "./lease-database.ts";

export interface SideTable<L> {
  readonly name: string;
  /** Of the ids; leases are in `lease_addr`. */
  readonly column: string;
  idsOf(lease: L): readonly Uint8Array[];
}

/** Leases whose rows in a side table are to be others. */
export interface SideRows<L> {
  readonly table: SideTable<L>;
  /** Those that may have rows there. */
  readonly forgotten: readonly L[];
  readonly noted: readonly { readonly lease: L; readonly id: Uint8Array }[];
}

export const relayTables6: readonly SideTable<Lease6>[] = [
  relayTable("relay-id", "relay_id", 130),
  relayTable("remote-id", "remote_id", 255),
];

/** @param longest as many bytes as Kea's column in MySQL takes: longer ids are not found */
function relayTable(kind: RelayIdKind, column: string, longest: number): SideTable<Lease6> {
  return {
    name: `lease6_${column}`,
    column,
    idsOf({ userContext }) {
      const ids = [...new Set(relayIdsOf(userContext, kind))].map((digits) => parseHex(digits));
      return ids.filter((id) => id !== undefined && id.length > 0 && id.length <= longest) as Uint8Array[];
    },
  };
}

/** Of the tables with anything to do: a lease that keeps its ids keeps its rows. */
export function sideRows<L extends Lease>(
  tables: readonly SideTable<L>[],
  changes: readonly Change<L>[],
): readonly SideRows<L>[] {
  const all = tables.map((table) => {
    const others = changes.flatMap(({ before, after }) => {
      if (after === undefined || (before?.userContext === after.userContext && !isRewritten(before, after))) return [];
      const ids = table.idsOf(after);
      const former = before === undefined ? [] : table.idsOf(before);
      if (ids.length === 0 && former.length === 0) return [];
      return [{ lease: after, ids, isNew: before === undefined }];
    });
    return {
      table,
      forgotten: others.filter(({ isNew }) => !isNew).map(({ lease }) => lease),
      noted: others.flatMap(({ lease, ids }) => ids.map((id) => ({ lease, id }))),
    };
  });
  return all.filter(({ forgotten, noted }) => forgotten.length > 0 || noted.length > 0);
}

/** Nothing is new: `extended-info6-upgrade` asks for the rows of a lease that somebody else may have written. */
function isRewritten(before: Lease, after: Lease): boolean {
  return before.cltt === after.cltt && before.validLifetime === after.validLifetime && before.state === after.state;
}
