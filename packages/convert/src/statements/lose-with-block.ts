/** What cannot be translated is told, together with what is in its block. */
import type { Clause } from "../dhcpd/clause.ts";
import { ExpressionError } from "../dhcpd/expression.ts";
import { OptionValueError } from "../dhcpd/option-value.ts";
import type { Ledger } from "../ledger.ts";
import { Untranslatable } from "./kea-expression.ts";

/** Tells of a statement and, with it, of all that is in its block. */
export function loseWithBlock(clause: Clause, why: string, fix: string | undefined, ledger: Ledger): void {
  ledger.lose(clause, clause.block === undefined ? why : `${why}; its block is left out`, fix);
  leaveOut(clause.block ?? [], ledger);
}

function leaveOut(clauses: readonly Clause[], ledger: Ledger): void {
  for (const clause of clauses) {
    ledger.carry(clause);
    leaveOut(clause.block ?? [], ledger);
  }
}

export function messageOf(error: unknown): string {
  if (error instanceof Untranslatable || error instanceof ExpressionError || error instanceof OptionValueError) {
    return error.message;
  }
  throw error;
}
