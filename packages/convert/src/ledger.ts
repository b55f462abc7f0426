/** What has become of each statement: nothing of a file is lost without a word. */
import type { Position } from "@kotare/core/config/fault";
import { type Clause, positionOf, rawOf } from "./dhcpd/clause.ts";

export interface Finding {
  readonly position: Position;
  /** The statement, without its block. */
  readonly statement: string;
  /** `lost`: the result does not do it, so it cannot be used unread. `note`: it does it in another way, or need not. */
  readonly kind: "lost" | "note";
  readonly why: string;
  /** What to do, as an imperative. */
  readonly fix: string | undefined;
}

export class Ledger {
  readonly #seen = new Set<Clause>();
  /** Without effect in one place at least. */
  readonly #overruled = new Map<Clause, string>();
  readonly #findings: { readonly clause: Clause; readonly finding: Finding }[] = [];

  /** The result does what the statement says; or it is in the block of one that is told of. */
  carry(clause: Clause): void {
    this.#seen.add(clause);
  }

  lose(clause: Clause, why: string, fix?: string): void {
    this.#tell(clause, "lost", why, fix);
  }

  note(clause: Clause, why: string, fix?: string): void {
    this.#tell(clause, "note", why, fix);
  }

  /** Another statement counts instead. It is told unless there is a place where this one counts, as in another host of a group. */
  overrule(clause: Clause, why: string): void {
    this.#overruled.set(clause, why);
  }

  /** Once all statements have been looked at. */
  close(): void {
    for (const [clause, why] of this.#overruled) if (!this.#seen.has(clause)) this.note(clause, why);
  }

  #tell(clause: Clause, kind: Finding["kind"], why: string, fix: string | undefined): void {
    this.#seen.add(clause);
    const isTold = this.#findings.some((told) => told.clause === clause && told.finding.why === why);
    if (isTold) return;
    const finding = { position: positionOf(clause), statement: statementOf(clause), kind, why, fix };
    this.#findings.push({ clause, finding });
  }

  /** Statements of a tree that nobody has spoken for: of a faultless converter none. */
  forgotten(clauses: readonly Clause[]): Clause[] {
    return clauses.flatMap((clause) => {
      const inside = this.forgotten(clause.block ?? []);
      return this.#seen.has(clause) ? inside : [clause, ...inside];
    });
  }

  /** In the order of the file; those of the same statement in the order of telling. */
  get findings(): readonly Finding[] {
    const files = [...new Set(this.#findings.map(({ finding }) => finding.position.file))];
    const rank = ({ position }: Finding) => files.indexOf(position.file);
    return this.#findings
      .map(({ finding }) => finding)
      .sort((a, b) => rank(a) - rank(b) || a.position.line - b.position.line || a.position.column - b.position.column);
  }
}

function statementOf({ head }: Clause): string {
  const text = rawOf(head);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** `dhcpd.conf:12:3: lost: on commit: …; write …`. */
export function formatFinding({ position, statement, kind, why, fix }: Finding): string {
  const where = `${position.file}:${position.line}:${position.column}`;
  return `${where}: ${kind}: ${statement === "" ? "" : `"${statement}" `}${why}${fix === undefined ? "" : `; ${fix}`}`;
}
