/** Where the parser is in an expression, and how it says what it wants there. */
import { ExpressionError } from "./expression.ts";
import { scanExpression, type Token } from "./scanner.ts";

export class TokenCursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws {ExpressionError} */
  constructor(text: string) {
    this.#text = text;
    this.#tokens = scanExpression(text);
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  /** Which token it is, for `textFrom` and `return`. */
  get position(): number {
    return this.#at;
  }

  /** To where it has been. */
  return(position: number): void {
    this.#at = position;
  }

  /** What stands between a position and here. */
  textFrom(position: number): string {
    return this.#text.slice(this.#tokens[position]!.at, this.#tokens[this.#at - 1]!.end);
  }

  /** The same, spelt the same way however it is spaced. */
  canonicalFrom(position: number): string {
    const tokens = this.#tokens.slice(position, this.#at);
    return tokens.map(({ kind, text }) => (kind === "string" ? `'${text}'` : text)).join(" ");
  }

  /** Whether a name stands between a position and here. */
  mentions(position: number, names: ReadonlySet<string>): boolean {
    return this.#tokens.slice(position, this.#at).some(({ kind, text }) => kind === "name" && names.has(text));
  }

  isAt(text: string): boolean {
    const { kind } = this.token;
    return (kind === "mark" || kind === "name") && this.token.text === text;
  }

  /** Steps over a mark or a keyword, if it is there. */
  skip(text: string): boolean {
    if (!this.isAt(text)) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) this.fail(`expected "${text}"`);
  }

  take(): Token {
    const { token } = this;
    if (token.kind !== "end") this.#at += 1;
    return token;
  }

  /** @param what it is, for the error: `an option's code` */
  integer(what: string, min: number, max: number): number {
    const { token } = this;
    if (token.kind !== "integer") this.fail(`expected ${what}`);
    const value = Number(token.text);
    if (value < min || value > max) this.reject(token, `${token.text} is no ${what}: expected ${min} to ${max}`);
    this.#at += 1;
    return value;
  }

  /** @param what it is, for the error */
  string(what: string): Token {
    if (this.token.kind !== "string") this.fail(`expected ${what} in single quotes`);
    return this.take();
  }

  /** What is here is not what should be. */
  fail(expected: string): never {
    const { token } = this;
    const found = token.kind === "end" ? "the end" : `"${token.text}"`;
    this.reject(token, `${expected} instead of ${found}`);
  }

  reject({ at }: Pick<Token, "at">, message: string): never {
    throw new ExpressionError(at, message);
  }
}
