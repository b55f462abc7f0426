/** `switch` as conditions: which values lead to which statements. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";
import type { Token } from "../dhcpd/token.ts";

export interface SwitchCase {
  /** Its labels and statements. */
  readonly clauses: readonly Clause[];
  readonly statements: readonly Clause[];
  /** The values that lead here, or away where `isDefault`. */
  readonly values: readonly (readonly Token[])[];
  readonly isDefault: boolean;
}

interface Part {
  readonly labels: Clause[];
  readonly statements: Clause[];
  isBroken: boolean;
}

/** A case that does not end with `break` goes on with the statements of the next one. */
export function casesOf(block: readonly Clause[]): readonly SwitchCase[] {
  const parts: Part[] = [];
  for (const clause of block) {
    const keyword = keywordOf(clause);
    const last = parts.at(-1);
    if (keyword === "case" || keyword === "default") {
      if (last !== undefined && last.statements.length === 0 && !last.isBroken) last.labels.push(clause);
      else parts.push({ labels: [clause], statements: [], isBroken: false });
    } else if (last === undefined || last.isBroken) {
    } else if (keyword === "break") {
      last.isBroken = true;
      last.labels.push(clause);
    } else last.statements.push(clause);
  }
  const labels = parts.flatMap((part) => part.labels);
  return parts.map((part, i) => {
    const first = parts.findLastIndex(({ isBroken }, k) => k < i && isBroken) + 1;
    const leading = parts.slice(first, i + 1).flatMap((each) => each.labels);
    const isDefault = leading.some((label) => keywordOf(label) === "default");
    const named = isDefault ? labels.filter((label) => !leading.includes(label)) : leading;
    const values = named.filter((label) => keywordOf(label) === "case").map(({ head }) => head.slice(1));
    return { clauses: part.labels, statements: part.statements, values, isDefault };
  });
}
