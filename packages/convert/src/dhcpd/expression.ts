/** dhcpd's expressions as trees. */
import { rawOf } from "./clause.ts";
import { readOptionName } from "./option-registry.ts";
import { is, type Token } from "./token.ts";

export type DhcpdExpression =
  | { readonly kind: "text"; readonly text: string }
  /** `1:2:a`, or a number. */
  | { readonly kind: "octets"; readonly bytes: Uint8Array; readonly number: number | undefined }
  | { readonly kind: "option"; readonly from: string; readonly space: string; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly parts: readonly DhcpdExpression[] }
  | {
      readonly kind: "compare";
      readonly operator: "=" | "!=" | "~=" | "~~";
      readonly parts: readonly [DhcpdExpression, DhcpdExpression];
    }
  | { readonly kind: "and" | "or"; readonly parts: readonly [DhcpdExpression, DhcpdExpression] }
  | { readonly kind: "not"; readonly part: DhcpdExpression };

/** Words that are no expression, or one that dhcpd does not know. */
export class ExpressionError extends Error {}

/** @throws {ExpressionError} */
export function parseExpression(tokens: readonly Token[]): DhcpdExpression {
  const parser = new ExpressionParser(tokens);
  const expression = parser.or();
  parser.finish();
  return expression;
}

class ExpressionParser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  finish(): void {
    if (this.#next < this.#tokens.length) throw this.#error();
  }

  or(): DhcpdExpression {
    let left = this.#and();
    while (this.#skip("or")) left = { kind: "or", parts: [left, this.#and()] };
    return left;
  }

  #and(): DhcpdExpression {
    let left = this.#compare();
    while (this.#skip("and")) left = { kind: "and", parts: [left, this.#compare()] };
    return left;
  }

  #compare(): DhcpdExpression {
    const left = this.#part();
    if (this.#skip("=")) return { kind: "compare", operator: "=", parts: [left, this.#part()] };
    const [operator, second] = [this.#tokens[this.#next], this.#tokens[this.#next + 1]];
    const found = (["!=", "~=", "~~"] as const).find((each) => is(operator, each[0]!) && is(second, each[1]!));
    if (found === undefined) return left;
    this.#next += 2;
    return { kind: "compare", operator: found, parts: [left, this.#part()] };
  }

  #part(): DhcpdExpression {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new ExpressionError("the expression ends too early");
    this.#next++;
    if (token.kind === "string") return { kind: "text", text: token.text };
    if (is(token, "(")) return this.#closed(this.or());
    if (token.kind === "mark") throw this.#error(-1);
    const word = token.text.toLowerCase();
    if (word === "not") return { kind: "not", part: this.#compare() };
    if (word === "option" || word === "config-option") {
      const { space, name, length } = readOptionName(this.#tokens.slice(this.#next));
      this.#next += length;
      return { kind: "option", from: word, space, name };
    }
    if (word === "exists") {
      const { space, name, length } = readOptionName(this.#tokens.slice(this.#next));
      this.#next += length;
      return { kind: "call", name: word, parts: [{ kind: "option", from: "option", space, name }] };
    }
    if (word === "check") {
      const name = this.#tokens[this.#next++];
      return { kind: "call", name: word, parts: [{ kind: "text", text: name?.text ?? "" }] };
    }
    if (this.#skip("(")) return this.#call(word);
    return this.#literal(token) ?? { kind: "call", name: word, parts: [] };
  }

  #call(name: string): DhcpdExpression {
    const parts: DhcpdExpression[] = [];
    while (!this.#skip(")")) {
      parts.push(this.or());
      if (!this.#skip(",") && !is(this.#tokens[this.#next], ")")) throw this.#error();
    }
    return { kind: "call", name, parts };
  }

  #closed(inner: DhcpdExpression): DhcpdExpression {
    if (!this.#skip(")")) throw this.#error();
    return inner;
  }

  /** `1:2:a`, `0x10`, `12`. */
  #literal(first: Token): DhcpdExpression | undefined {
    const groups = [first.text];
    while (is(this.#tokens[this.#next], ":") && this.#tokens[this.#next + 1]?.kind === "word") {
      groups.push(this.#tokens[this.#next + 1]!.text);
      this.#next += 2;
    }
    const isNumber = groups.length === 1 && /^(0x[0-9a-f]+|\d+)$/i.test(first.text);
    const number = isNumber ? Number(first.text) : undefined;
    if (groups.every((group) => /^[0-9a-f]{1,2}$/i.test(group)) && (groups.length > 1 || isNumber)) {
      return { kind: "octets", bytes: Uint8Array.from(groups, (group) => Number.parseInt(group, 16)), number };
    }
    return number === undefined ? undefined : { kind: "octets", bytes: new Uint8Array(), number };
  }

  #skip(text: string): boolean {
    if (!is(this.#tokens[this.#next], text)) return false;
    this.#next++;
    return true;
  }

  #error(offset = 0): ExpressionError {
    const rest = rawOf(this.#tokens.slice(this.#next + offset));
    return new ExpressionError(rest === "" ? "the expression ends too early" : `"${rest}" fits nowhere in it`);
  }
}
