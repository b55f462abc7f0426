/** The tree of a file of dhcpd's: each statement with its words and, where it has one, its block. */
import type { Position } from "@kotare/core/config/fault";
import type { Token } from "./token.ts";

export interface Clause {
  /** The words before the `;` or the block. An `else` without an `if` has that word only. */
  readonly head: readonly Token[];
  /** In an `include` the statements of the file. */
  readonly block?: readonly Clause[];
  /** What is wrong with it, where dhcpd would not take it either. */
  readonly fault?: string;
}

/** The word that a clause begins with, in small letters. */
export function keywordOf({ head }: Clause): string {
  return head[0]?.text.toLowerCase() ?? "";
}

export function positionOf({ head }: Clause): Position {
  const [first] = head;
  return first!.source.position(first!.start);
}

/** Words as they stand in the file. */
export function rawOf(tokens: readonly Token[]): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (first.source !== last.source) return tokens.map(({ text }) => text).join(" ");
  return first.source.text.slice(first.start, last.end).replace(/\s+/g, " ");
}

/** Parts of a list that commas separate. */
export function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "mark" && "({".includes(token.text)) depth++;
    if (token.kind === "mark" && ")}".includes(token.text)) depth--;
    if (token.kind === "mark" && token.text === "," && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part, i) => part.length > 0 || i > 0);
}
