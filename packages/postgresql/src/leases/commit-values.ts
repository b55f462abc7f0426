/** The parameters of the statement that makes a batch's changes to one table. */
import type { Change, Claim, NewClaim } from "@kotare/core/leases/database/lease-database";
import { type SideRows, sideRows } from "@kotare/core/leases/database/side-tables";
import type { SqlColumn, SqlTable, SqlValue } from "@kotare/core/leases/database/sql-columns";
import type { Lease } from "@kotare/core/leases/model/lease";
import { formatArray } from "../sql-text.ts";
import { inputsOf } from "./statements.ts";

/** In one order on all servers, so that they wait for each other and not for ever; with their numbers in the batch. */
export function inOrder<L>(
  key: SqlColumn<L>,
  changes: readonly Change<L>[],
): readonly (readonly [index: number, change: Change<L>])[] {
  return [...changes.entries()].sort(([, a], [, b]) => compare(addressIn(key, a), addressIn(key, b)));
}

/** @returns `hasSides` where they are for the statement with side tables */
export function commitValues<L extends Lease>(
  table: SqlTable<L>,
  made: readonly Change<L>[],
): { readonly values: readonly string[]; readonly hasSides: boolean } {
  const { columns, seen } = inputsOf(table);
  const key = columns[0]!;
  const claims = sortByIdentifier(new Set(made.flatMap(({ claim }) => claim ?? [])));
  const firstClaims = claims.filter(({ seen }) => seen === undefined);
  const movedClaims = claims.filter(({ seen }) => seen !== undefined);
  const unclaimed = sortByIdentifier(made.flatMap((change) => change.unclaimed ?? []));
  const inserted = made.filter(({ before }) => before === undefined);
  const updated = made.filter(({ before, after }) => before !== undefined && after !== undefined);
  const deleted = made.filter(({ after }) => after === undefined);
  const afters = (of: readonly Change<L>[]) =>
    columnsOf(
      columns,
      of.flatMap(({ after }) => after ?? []),
    );
  const befores = (of: readonly Change<L>[], which = seen) =>
    columnsOf(
      which,
      of.flatMap(({ before }) => before ?? []),
    );
  const addressesOf = (leases: readonly (L | undefined)[]) =>
    formatArray(
      key.kind,
      leases.map((lease) => (lease === undefined ? null : key.get(lease))),
    );
  const dependences = (of: readonly Change<L>[]) => [
    formatArray(
      "bytes",
      of.map(({ claim }) => (claim === undefined ? null : bytesOf(claim.identifier))),
    ),
    addressesOf(of.map(({ replaces }) => replaces)),
  ];
  const values = [
    ...newClaimColumns(firstClaims),
    ...newClaimColumns(movedClaims),
    formatArray(
      "number",
      movedClaims.map(({ seen }) => seen!),
    ),
    ...claimColumns(unclaimed),
    ...befores(deleted, [key]),
    addressesOf(deleted.map(({ replacement }) => replacement)),
    ...befores(deleted),
    ...afters(inserted),
    ...dependences(inserted),
    ...afters(updated),
    ...dependences(updated),
    ...befores(updated),
  ];
  const sides = sideRows(table.sideTables, made);
  const hasSides = sides.length > 0;
  return { values: hasSides ? [...values, ...sideColumns(table, sides)] : values, hasSides };
}

function sideColumns<L extends Lease>(
  { columns, sideTables }: SqlTable<L>,
  rows: readonly SideRows<L>[],
): readonly string[] {
  const { kind, get } = columns[0]!;
  return sideTables.flatMap((table) => {
    const { forgotten = [], noted = [] } = rows.find((each) => each.table === table) ?? {};
    return [
      formatArray(kind, forgotten.map(get)),
      formatArray(
        "bytes",
        noted.map(({ id }) => id),
      ),
      formatArray(
        kind,
        noted.map(({ lease }) => get(lease)),
      ),
    ];
  });
}

export function bytesOf(identifier: string): Uint8Array {
  return Buffer.from(identifier, "latin1");
}

function claimColumns(claims: readonly Claim[]): string[] {
  return [
    formatArray(
      "bytes",
      claims.map(({ identifier }) => bytesOf(identifier)),
    ),
    formatArray(
      "text",
      claims.map(({ address }) => address),
    ),
  ];
}

function newClaimColumns(claims: readonly NewClaim[]): string[] {
  return [
    ...claimColumns(claims),
    formatArray(
      "number",
      claims.map(({ stamp }) => stamp),
    ),
  ];
}

function columnsOf<L>(columns: readonly SqlColumn<L>[], leases: readonly L[]): string[] {
  return columns.map(({ kind, get }) => formatArray(kind, leases.map(get)));
}

export function addressIn<L>(key: SqlColumn<L>, { before, after }: Change<L>): SqlValue {
  return key.get((before ?? after)!);
}

function sortByIdentifier<C extends Claim>(claims: Iterable<C>): C[] {
  return [...claims].sort((a, b) => compare(a.identifier, b.identifier));
}

function compare(a: SqlValue, b: SqlValue): number {
  if (a === b) return 0;
  return a! < b! ? -1 : 1;
}
