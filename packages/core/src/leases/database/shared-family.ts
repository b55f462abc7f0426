/** What is different between the families in a store that servers share. */
import type { RowRules } from "../csv/lease-csv.ts";
import type { Claim } from "./lease-database.ts";

/** @typeParam Key where a lease is: what a `Map` looks up */
export interface SharedFamily<L, Key> {
  readonly rules: Pick<RowRules<L, never>, "keep"> & { check(lease: L): string | undefined };
  keyOf(lease: L): Key;
  /** What the lease's client is looked up by. */
  identifiersOf(lease: L): readonly string[];
  /** What the client of the lease claims with it; `undefined` for a lease of nobody. */
  claimOf(lease: L): Claim | undefined;
  /** What the client has it for: it gives up a lease for another one of the same purpose. */
  purposeOf(lease: L): number;
}
