/** The statements that make a batch's changes to one table, each only where the table has what was seen. */
import type { Change, Claim, NewClaim } from "@kotare/core/leases/database/lease-database";
import { type SideRows, sideRows } from "@kotare/core/leases/database/side-tables";
import type { SqlColumn, SqlTable } from "@kotare/core/leases/database/sql-columns";
import { type Lease, LeaseState } from "@kotare/core/leases/model/lease";
import { compareColumn, identifierLiteral, literal, rowsOf } from "../sql-text.ts";

/** A change, its number in the batch, and its address as a literal. */
export interface Numbered<L> {
  readonly change: Change<L>;
  readonly index: number;
  readonly address: string;
}

/** In one order on all servers, so that they wait for each other and not for ever. */
export function inOrder<L>({ columns }: SqlTable<L>, changes: readonly Change<L>[]): readonly Numbered<L>[] {
  const { kind, get } = columns[0]!;
  return changes
    .map((change, index) => ({ change, index, address: literal(kind, get((change.before ?? change.after)!)) }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** Whether a lease and its claim come where nothing was seen: then there is nothing to compare them with. */
export function isFresh<L>({ before, claim, replaces }: Change<L>): boolean {
  return before === undefined && claim?.seen === undefined && replaces === undefined;
}

/** Whether a client gives up another lease for it. */
function isMove<L>({ replaces }: Change<L>): boolean {
  return replaces !== undefined;
}

/** Whether it ends what was held: others may do just the same, and only one of them is to say that it has. */
export function isEnd<L extends Lease>({ before, after }: Change<L>): boolean {
  return before !== undefined && (after === undefined || after.state === LeaseState.reclaimed);
}

/** What is put, and what that depends on. */
interface PutTerms {
  /** Of the columns of the values. */
  readonly names: readonly string[];
  readonly joins: string;
  readonly mayBePut: string;
}

export class CommitStatements<L extends Lease> {
  readonly #table: SqlTable<L>;
  readonly #key: SqlColumn<L>;
  readonly #columns: readonly string[];
  /** The columns that tell whether a lease is the one that was seen, and what their values are called. */
  readonly #seen: readonly SqlColumn<L>[];
  readonly #seenNames: readonly string[];
  readonly #isAsSeen: string;
  /** The same of a lease that another one depends on. */
  readonly #otherNames: readonly string[];
  readonly #isOtherAsSeen: string;

  constructor(table: SqlTable<L>) {
    this.#table = table;
    this.#key = table.columns[0]!;
    this.#columns = table.columns.map(({ name }) => name);
    this.#seen = table.columns.filter(({ isSeen }) => isSeen);
    this.#seenNames = this.#seen.map(({ name }) => `seen_${name}`);
    this.#isAsSeen = this.#seen.map((column) => compareColumn(column, "l", "seen_")).join(" AND ");
    this.#otherNames = ["other", ...this.#seen.map(({ name }) => `other_${name}`)];
    this.#isOtherAsSeen = this.#seen.map((column) => compareColumn(column, "o", "other_")).join(" AND ");
  }

  /**
   * The statements in their order: claims, what ends, what is put, and then what is given up for that. Where something ends, only
   * the first gives rows: the addresses where that is so.
   * @param isTrusting whether what was nobody's is taken to be so still: else it is put where it is
   */
  all(changes: readonly Change<L>[], isTrusting: boolean): readonly string[] {
    const isTrusted = (change: Change<L>) => isTrusting && isFresh(change);
    return [
      ...this.#claims(changes, isTrusting),
      ...some(changes.filter(isEnd), (of) => `SELECT l.address ${this.#asSeen(of)} FOR UPDATE`),
      ...some(
        changes.filter(({ after, replacement }) => after === undefined && replacement === undefined),
        (of) => `DELETE l ${this.#asSeen(of)}`,
      ),
      ...some(changes.filter(isTrusted), (of) => this.#insert(of)),
      ...this.#puts(
        changes.filter((change) => !isMove(change) && !isTrusted(change)),
        false,
      ),
      ...this.#puts(changes.filter(isMove), true),
      ...some(
        changes.filter(({ replacement }) => replacement !== undefined),
        (of) => this.#giveUp(of),
      ),
      ...sideRows(this.#table.sideTables, changes).flatMap((rows) => this.#noteIds(rows)),
    ];
  }

  /** Whether two leases are one, by what is compared with what was seen. */
  isSame(a: L, b: L): boolean {
    return valuesOf(this.#seen, a).join() === valuesOf(this.#seen, b).join();
  }

  /** For leases that stand there as they were put. */
  #noteIds({ table: { name, column }, forgotten, noted }: SideRows<L>): readonly string[] {
    const names = [this.#key.name, ...this.#seenNames];
    return [
      ...some(
        forgotten,
        (of) => `DELETE i FROM ${name} AS i JOIN ${this.#table.name} AS l ON l.address = i.lease_addr
          JOIN ${rowsOf(
            names,
            of.map((lease) => this.#asWas(lease)),
          )} ON l.address = v.address WHERE ${this.#isAsSeen}`,
      ),
      ...some(noted, (of) => {
        const rows = of.map(({ lease, id }) => [...this.#asWas(lease), literal("bytes", id)]);
        return `INSERT INTO ${name} (${column}, lease_addr) SELECT v.id, l.address FROM ${this.#table.name} AS l
          JOIN ${rowsOf([...names, "id"], rows)} ON l.address = v.address WHERE ${this.#isAsSeen}`;
      }),
    ];
  }

  /** A claim stands where nobody has claimed anything since it was looked at. */
  #claims(changes: readonly Change<L>[], isTrusting: boolean): readonly string[] {
    const { claims } = this.#table;
    const given = sortByIdentifier(new Set(changes.flatMap(({ claim }) => claim ?? [])));
    const unclaimed = sortByIdentifier(changes.flatMap((change) => change.unclaimed ?? []));
    return [
      ...some(
        given.filter(({ seen }) => seen === undefined),
        (of) => {
          const rows = of.map((each) => `(${newClaimOf(each).join(", ")})`).join(", ");
          const orElse = isTrusting ? "" : ` ON DUPLICATE KEY UPDATE stamp = ${claims}.stamp`;
          return `INSERT INTO ${claims} (client, place, stamp) VALUES ${rows}${orElse}`;
        },
      ),
      ...some(
        given.filter(({ seen }) => seen !== undefined),
        (of) => {
          const rows = of.map((each) => [...newClaimOf(each), literal("number", each.seen!)]);
          return `UPDATE ${claims} AS c JOIN ${rowsOf(["client", "place", "stamp", "seen"], rows)} ON c.client = v.client
            SET c.place = v.place, c.stamp = v.stamp WHERE c.stamp = v.seen`;
        },
      ),
      ...some(
        unclaimed,
        (of) => `DELETE c FROM ${claims} AS c JOIN ${rowsOf(["client", "place"], of.map(claimOf))}
          ON c.client = v.client AND c.place = v.place`,
      ),
    ];
  }

  #asSeen(changes: readonly Change<L>[]): string {
    const rows = changes.map(({ before }) => this.#asWas(before!));
    return `FROM ${this.#table.name} AS l JOIN ${rowsOf([this.#key.name, ...this.#seenNames], rows)}
      ON l.address = v.address WHERE ${this.#isAsSeen}`;
  }

  #insert(changes: readonly Change<L>[]): string {
    const rows = changes.map(({ after }) => `(${valuesOf(this.#table.columns, after!).join(", ")})`);
    return `INSERT INTO ${this.#table.name} (${this.#columns.join(", ")}) VALUES ${rows.join(", ")}`;
  }

  /** Where what comes instead stands as it was put. */
  #giveUp(changes: readonly Change<L>[]): string {
    const { name } = this.#table;
    const names = [this.#key.name, ...this.#seenNames, ...this.#otherNames];
    const rows = changes.map(({ before, replacement }) => [...this.#asWas(before!), ...this.#asWas(replacement!)]);
    return `DELETE l FROM ${name} AS l JOIN ${rowsOf(names, rows)} ON l.address = v.address ${this.#joinOther()}
      WHERE ${this.#isAsSeen}`;
  }

  #joinOther(): string {
    return `JOIN ${this.#table.name} AS o ON o.address = v.other AND ${this.#isOtherAsSeen}`;
  }

  /** @param areMoves whether all of them give up what they have, whose rows are locked; else none does */
  #puts(changes: readonly Change<L>[], areMoves: boolean): readonly string[] {
    const terms = this.#terms(areMoves);
    return [
      ...some(
        changes.filter(({ before }) => before === undefined),
        (of) => this.#insertWhereFree(of, terms),
      ),
      ...some(
        changes.filter(({ before, after }) => before !== undefined && after !== undefined),
        (of) => this.#update(of, terms),
      ),
    ];
  }

  #insertWhereFree(changes: readonly Change<L>[], { names, joins, mayBePut }: PutTerms): string {
    const { name } = this.#table;
    const columns = this.#columns;
    const rows = changes.map((change) => this.#put(change));
    return `INSERT INTO ${name} (${columns.join(", ")}) SELECT ${columns.map((column) => `v.${column}`).join(", ")}
      FROM ${rowsOf(names, rows)} ${joins} WHERE ${mayBePut} ON DUPLICATE KEY UPDATE ${name}.address = ${name}.address`;
  }

  #update(changes: readonly Change<L>[], { names, joins, mayBePut }: PutTerms): string {
    const rows = changes.map((change) => [...this.#put(change), ...valuesOf(this.#seen, change.before!)]);
    const sets = this.#columns.slice(1).map((column) => `l.${column} = v.${column}`);
    return `UPDATE ${this.#table.name} AS l JOIN ${rowsOf([...names, ...this.#seenNames], rows)} ON l.address = v.address ${joins}
      SET ${sets.join(", ")} WHERE ${this.#isAsSeen} AND ${mayBePut}`;
  }

  /** Whoever could not claim is given nothing, and who does not have any more what it gives up. */
  #terms(areMoves: boolean): PutTerms {
    const { claims } = this.#table;
    const claim = `LEFT JOIN ${claims} AS c ON c.client = v.claimant AND c.stamp = v.claim_stamp`;
    return {
      names: [...this.#columns, "claimant", "claim_stamp", ...(areMoves ? this.#otherNames : [])],
      joins: areMoves ? `${claim} ${this.#joinOther()}` : claim,
      mayBePut: "(v.claimant IS NULL OR c.client IS NOT NULL)",
    };
  }

  #put({ after, claim, replaces }: Change<L>): readonly string[] {
    return [
      ...valuesOf(this.#table.columns, after!),
      claim === undefined ? "NULL" : identifierLiteral(claim.identifier),
      literal("number", claim?.stamp ?? null),
      ...(replaces === undefined ? [] : this.#asWas(replaces)),
    ];
  }

  /** The address of a lease, and what tells whether it is still that one. */
  #asWas(lease: L): readonly string[] {
    const { kind, get } = this.#key;
    return [literal(kind, get(lease)), ...valuesOf(this.#seen, lease)];
  }
}

/** A statement for what there is; none for nothing. */
function some<T>(items: readonly T[], write: (items: readonly T[]) => string): readonly string[] {
  return items.length === 0 ? [] : [write(items)];
}

function valuesOf<L>(columns: readonly SqlColumn<L>[], lease: L): readonly string[] {
  return columns.map(({ kind, get }) => literal(kind, get(lease)));
}

function claimOf({ identifier, address }: Claim): readonly string[] {
  return [identifierLiteral(identifier), literal("bytes", Buffer.from(address))];
}

function newClaimOf(claim: NewClaim): readonly string[] {
  return [...claimOf(claim), literal("number", claim.stamp)];
}

function sortByIdentifier<C extends Claim>(claims: Iterable<C>): readonly C[] {
  return [...claims].sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
}
