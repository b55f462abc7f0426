/**
 * Kea's language of expressions: a grammar by recursive descent, types checked on the way, closures out. `not` binds
 * tighter than `and`, that tighter than `or`; `+` tighter than `==`.
 */
import { equalBytes } from "../base/bytes.ts";
import { concat } from "./byte-operators.ts";
import {
  type Condition,
  type Expression,
  ExpressionError,
  type Sight,
  type Subject,
  type Value,
} from "./expression.ts";
import { functions } from "./functions.ts";
import { packetReads } from "./packet-reads.ts";
import type { Language, PartParser } from "./part-parser.ts";
import { type Token, u32Bytes } from "./scanner.ts";
import { TokenCursor } from "./token-cursor.ts";
import { constantOf, derive } from "./values.ts";

export interface Compiled<S, E> {
  readonly expression: E;
  /** The classes that it asks for, each with its place in the text. */
  readonly members: ReadonlyMap<string, number>;
  /** What the packet's part in it is. */
  readonly sights: readonly Sight<S>[];
}

/** Of Kea's `test`. @throws {ExpressionError} */
export function compileCondition<S extends Subject>(text: string, language: Language<S>): Compiled<S, Condition<S>> {
  return compile(text, language, (parser) => parser.condition());
}

/** Of Kea's `template-test`. @throws {ExpressionError} */
export function compileValue<S extends Subject>(text: string, language: Language<S>): Compiled<S, Value<S>> {
  return compile(text, language, (parser) => {
    const from = parser.cursor.position;
    const value = parser.value();
    parser.see(from, value);
    return value;
  });
}

function compile<S extends Subject, E>(
  text: string,
  language: Language<S>,
  parse: (parser: Parser<S>) => E,
): Compiled<S, E> {
  if (text.trim() === "") throw new ExpressionError(0, "there is nothing in it");
  const parser = new Parser(text, language);
  const expression = parse(parser);
  if (parser.cursor.token.kind !== "end") parser.cursor.fail("expected an operator or the end");
  return { expression, members: parser.members, sights: [...parser.sights.values()] };
}

/** Deeper than people write, and as deep as the stack can take with room to spare. */
const MAX_DEPTH = 400;

class Parser<S extends Subject> implements PartParser<S> {
  readonly cursor: TokenCursor;
  readonly language: Language<S>;
  readonly members = new Map<string, number>();
  readonly sights = new Map<string, Sight<S>>();
  #depth = 0;

  /** @throws {ExpressionError} */
  constructor(text: string, language: Language<S>) {
    this.cursor = new TokenCursor(text);
    this.language = language;
  }

  condition(): Condition<S> {
    const { token } = this.cursor;
    return this.#asCondition(this.#or(), token);
  }

  value(): Value<S> {
    const { token } = this.cursor;
    return this.#asValue(this.#sum(), token);
  }

  /** Notes a part of the expression, from a position to here, for the log. */
  see(position: number, part: Expression<S>): void {
    if (part.kind === "value" && part.constant !== undefined) return;
    const text = this.cursor.textFrom(position);
    this.sights.set(text, { text, evaluate: (subject) => part.evaluate(subject) });
  }

  #or(): Expression<S> {
    return this.#chain(
      "or",
      () => this.#and(),
      (terms) => ({
        kind: "condition",
        evaluate(subject) {
          for (const term of terms) if (term.evaluate(subject)) return true;
          return false;
        },
      }),
    );
  }

  #and(): Expression<S> {
    return this.#chain(
      "and",
      () => this.#not(),
      (terms) => ({
        kind: "condition",
        need: terms.find(({ need }) => need !== undefined)?.need,
        evaluate(subject) {
          for (const term of terms) if (!term.evaluate(subject)) return false;
          return true;
        },
      }),
    );
  }

  /** Terms with an operator between them; one alone stays what it is. */
  #chain(
    operator: "or" | "and",
    parse: () => Expression<S>,
    join: (terms: readonly Condition<S>[]) => Condition<S>,
  ): Expression<S> {
    let { token } = this.cursor;
    const first = parse();
    if (!this.cursor.isAt(operator)) return first;
    const terms = [this.#asCondition(first, token)];
    while (this.cursor.skip(operator)) {
      ({ token } = this.cursor);
      terms.push(this.#asCondition(parse(), token));
    }
    return join(terms);
  }

  #not(): Expression<S> {
    let count = 0;
    while (this.cursor.skip("not")) count += 1;
    const { token } = this.cursor;
    const operand = this.#equality();
    if (count === 0) return operand;
    const condition = this.#asCondition(operand, token);
    if (count % 2 === 0) return condition;
    return { kind: "condition", evaluate: (subject) => !condition.evaluate(subject) };
  }

  #equality(): Expression<S> {
    const { cursor } = this;
    const leftToken = cursor.token;
    const leftAt = cursor.position;
    const first = this.#sum();
    if (!cursor.isAt("==")) return first;
    const left = this.#asValue(first, leftToken);
    this.see(leftAt, left);
    const leftText = this.#textOfPacket(leftAt);
    cursor.expect("==");
    const rightAt = cursor.position;
    const right = this.value();
    this.see(rightAt, right);
    if (right.constant !== undefined) return equalsConstant(left, right.constant, leftText);
    if (left.constant !== undefined) return equalsConstant(right, left.constant, this.#textOfPacket(rightAt));
    return {
      kind: "condition",
      evaluate: (subject) => equalBytes(left.evaluate(subject), right.evaluate(subject)),
    };
  }

  /** What stands from a position to here, if it depends on the packet and not on classes given so far. */
  #textOfPacket(position: number): string | undefined {
    return this.cursor.mentions(position, MEMBERSHIP) ? undefined : this.cursor.canonicalFrom(position);
  }

  #sum(): Expression<S> {
    const { cursor } = this;
    let { token } = cursor;
    const first = this.#primary();
    if (!cursor.isAt("+")) return first;
    const terms = [this.#asValue(first, token)];
    while (cursor.skip("+")) {
      ({ token } = cursor);
      terms.push(this.#asValue(this.#primary(), token));
    }
    return derive(terms, concat);
  }

  #primary(): Expression<S> {
    const { cursor } = this;
    const { token } = cursor;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) cursor.reject(token, `is nested more than ${MAX_DEPTH} deep here`);
    const expression = this.#parenthesized() ?? this.#constant() ?? this.#named();
    this.#depth -= 1;
    return expression;
  }

  #parenthesized(): Expression<S> | undefined {
    if (!this.cursor.skip("(")) return undefined;
    const inner = this.#or();
    this.cursor.expect(")");
    return inner;
  }

  #constant(): Value<S> | undefined {
    const { cursor } = this;
    const { token } = cursor;
    if (token.kind === "integer") {
      const literal = Number(token.text);
      const constant = u32Bytes(cursor.integer("integer", -0x8000_0000, 0xffff_ffff));
      return { kind: "value", constant, literal, evaluate: () => constant };
    }
    if (token.bytes === undefined) return undefined;
    cursor.take();
    return constantOf(token.bytes);
  }

  #named(): Expression<S> {
    const { cursor } = this;
    const { token, position } = cursor;
    if (token.kind !== "name") cursor.fail("expected a condition or a value");
    const parse = functions.get(token.text) ?? packetReads.get(token.text);
    if (parse === undefined) return cursor.reject(token, `"${token.text}" is no function and no part of a packet`);
    cursor.take();
    const expression = parse(this, token);
    if (expression.kind === "condition") this.see(position, expression);
    return expression;
  }

  #asCondition(expression: Expression<S>, token: Token): Condition<S> {
    if (expression.kind === "condition") return expression;
    return this.cursor.reject(token, "is a value where a condition should be: compare it with ==");
  }

  #asValue(expression: Expression<S>, token: Token): Value<S> {
    if (expression.kind === "value") return expression;
    return this.cursor.reject(token, "is a condition where a value should be");
  }
}

const MEMBERSHIP: ReadonlySet<string> = new Set(["member", "known", "unknown"]);

function equalsConstant<S>(value: Value<S>, constant: Uint8Array, text: string | undefined): Condition<S> {
  const need = text !== undefined && value.constant === undefined ? { text, value, constant } : undefined;
  return { kind: "condition", need, evaluate: (subject) => equalBytes(value.evaluate(subject), constant) };
}
