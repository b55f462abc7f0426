/** Which leases clients give up in a batch, and what they get for them. */
import { type Lease, LeaseState } from "../../model/lease.ts";
import type { Change, Claim } from "../lease-database.ts";
import type { SharedFamily } from "../shared-family.ts";

export interface Replacements<L> {
  /** What is given up, by what the client gets for it. */
  readonly replaced: ReadonlyMap<L, L>;
  /** What the client gets, by what it gives up. */
  readonly replacements: ReadonlyMap<L, L>;
}

interface Put<L> extends Pick<Change<L>, "before" | "after"> {
  /** `undefined` where the client keeps what it has. */
  readonly given: Claim | undefined;
}

type Family<L> = Pick<SharedFamily<L, never>, "claimOf" | "purposeOf">;

/** Where a client has several of one purpose, one is for each, in their order; what is new comes before what is renewed. */
export function findReplacements<L extends Lease>(family: Family<L>, changes: Iterable<Put<L>>): Replacements<L> {
  const replaced = new Map<L, L>();
  const replacements = new Map<L, L>();
  const all = [...changes];
  const ended = all.flatMap(({ before, after }) => (after === undefined ? (before ?? []) : []));
  if (ended.length === 0) return { replaced, replacements };
  const put = all.filter(({ after }) => after?.state === LeaseState.assigned);
  const ordered = [
    ...put.filter(({ given }) => given !== undefined),
    ...put.filter(({ given }) => given === undefined),
  ];
  const putOf = byHolder(
    family,
    ordered.map(({ after }) => after!),
  );
  for (const [holder, given] of byHolder(family, ended)) {
    const got = putOf.get(holder) ?? [];
    for (const [i, lease] of got.entries()) replaced.set(lease, given[Math.min(i, given.length - 1)]!);
    for (const [i, lease] of got.length > 0 ? given.entries() : []) {
      replacements.set(lease, got[Math.min(i, got.length - 1)]!);
    }
  }
  return { replaced, replacements };
}

function byHolder<L>({ claimOf, purposeOf }: Family<L>, leases: readonly L[]): ReadonlyMap<string, L[]> {
  const holders = new Map<string, L[]>();
  for (const lease of leases) {
    const claim = claimOf(lease);
    if (claim === undefined) continue;
    const holder = `${purposeOf(lease)} ${claim.identifier}`;
    const theirs = holders.get(holder);
    if (theirs === undefined) holders.set(holder, [lease]);
    else theirs.push(lease);
  }
  return holders;
}
