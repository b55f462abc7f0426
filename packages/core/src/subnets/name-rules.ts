/** Which characters host names may have and which domain partial ones get: `hostname-char-*`, `ddns-qualifying-suffix`. */
import { latin1 } from "../base/bytes.ts";
import { formatLabels, parseLabels } from "../wire/domain-name.ts";

export interface NameRules {
  /** Replaces what must not stand in a name; dots are kept where the set keeps them. */
  sanitize(name: string): string;
  /** The same for each label of a domain name in RFC 1035 text, and not for its escapes; empty labels are dropped. */
  sanitizeLabels(name: string): string;
  /** Appends the suffix to a name of one label. */
  qualify(name: string): string;
  /** Appends the suffix to any name. */
  complete(name: string): string;
  /** A name made of an address, for clients that want one and name none. */
  generate(address: string): string;
}

/**
 * @param charSet Kea's `hostname-char-set`: one bracket expression of POSIX, such as `[^A-Za-z0-9.-]`; empty for none
 * @returns `undefined` when the expression is anything else: we run no backtracking over clients' bytes
 */
export function compileNameRules(
  charSet: string,
  replacement: string,
  suffix: string,
  generatedPrefix: string,
): NameRules | undefined {
  const isReplaced = charSet === "" ? () => false : compileBracket(charSet);
  if (isReplaced === undefined) return undefined;
  const sanitize = (name: string) => {
    let clean = "";
    for (const character of name) clean += isReplaced(character) ? replacement : character;
    return clean;
  };
  const domain = suffix.replace(/\.$/, "");
  const complete = (name: string) => (domain === "" ? name : `${name}.${domain}`);
  return {
    sanitize,
    sanitizeLabels: (name) => {
      if (name === "") return "";
      const labels = parseLabels(name).map((label) => Buffer.from(sanitize(latin1(label)), "latin1"));
      return formatLabels(labels.filter((label) => label.length > 0)).slice(0, -1);
    },
    qualify: (name) => (name.includes(".") ? name : complete(name)),
    complete,
    generate: (address) => complete(`${generatedPrefix}-${address.replace(/[.:]+/g, "-")}`),
  };
}

function compileBracket(expression: string): ((character: string) => boolean) | undefined {
  const body = /^\[(\^?)(\]?[^\]]*)\]$/.exec(expression);
  if (body === null || body[2]!.includes("[:")) return undefined;
  const isNegated = body[1] === "^";
  const set = new Set<number>();
  const text = body[2]!;
  for (let i = 0; i < text.length; i++) {
    const low = text.charCodeAt(i);
    const isRange = text[i + 1] === "-" && i + 2 < text.length;
    const high = isRange ? text.charCodeAt(i + 2) : low;
    for (let code = low; code <= high; code++) set.add(code);
    if (isRange) i += 2;
  }
  return (character) => set.has(character.charCodeAt(0)) !== isNegated;
}
