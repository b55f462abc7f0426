/** Which characters names of clients may have: Kea's `hostname-char-set` and `hostname-char-replacement`. */
import { RE2JS } from "re2js";

/** Replaces what must not stand in a name. */
export type Sanitizer = (text: string) => string;

/**
 * @param charSet a regular expression of POSIX for what is replaced, such as `[^A-Za-z0-9.-]`
 * @param replacement stands in for each match, as it is
 * @returns `undefined` when it is no regular expression, or one that only backtracking could decide
 */
export function compileSanitizer(charSet: string, replacement: string): Sanitizer | undefined {
  return compileBracket(charSet, replacement) ?? compileExpression(charSet, replacement);
}

/** In time that grows with the name and nothing else, whatever clients call themselves. */
function compileExpression(expression: string, replacement: string): Sanitizer | undefined {
  try {
    const pattern = RE2JS.compile(expression, RE2JS.DOTALL);
    const literal = RE2JS.quoteReplacement(replacement);
    return (text) => pattern.matcher(text).replaceAll(literal);
  } catch {
    return undefined;
  }
}

/** One set of characters, which nearly everybody writes, takes a look-up a character. */
function compileBracket(expression: string, replacement: string): Sanitizer | undefined {
  const body = /^\[(\^?)(\]?[^\][\\]*)\]$/.exec(expression);
  if (body === null) return undefined;
  const isNegated = body[1] === "^";
  const text = body[2]!;
  const set = new Set<number>();
  for (let i = 0; i < text.length; i++) {
    const low = text.charCodeAt(i);
    const isRange = text[i + 1] === "-" && i + 2 < text.length;
    const high = isRange ? text.charCodeAt(i + 2) : low;
    if (high < low) return undefined;
    for (let code = low; code <= high; code++) set.add(code);
    if (isRange) i += 2;
  }
  return (name) => {
    let clean = "";
    for (const character of name) clean += set.has(character.charCodeAt(0)) === isNegated ? character : replacement;
    return clean;
  };
}
