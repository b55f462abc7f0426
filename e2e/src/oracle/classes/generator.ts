/** Makes up expressions of Kea's language that both servers take. */
import type { Random } from "./random.ts";

/** What generated expressions compare with, and packets say. */
export const vocabulary: readonly string[] = [
  "",
  "a",
  "b",
  "ab",
  "abc",
  "a.b",
  "ABC",
  "PXEClient:Arch:00007",
  "\0",
  "1",
];

/** What a family's packets have to be looked at; each is an expression by itself. */
export interface Parts {
  /** Values that are mostly words of the vocabulary. */
  readonly words: readonly string[];
  readonly values: readonly string[];
  readonly conditions: readonly string[];
}

export class ExpressionGenerator {
  readonly #random: Random;
  readonly #parts: Parts;

  constructor(random: Random, parts: Parts) {
    this.#random = random;
    this.#parts = parts;
  }

  /** @param classes how many classes `c0`, `c1`, … stand before it */
  condition(classes: number, depth = 3): string {
    const random = this.#random;
    const inner = () => this.condition(classes, depth - 1);
    if (depth > 0 && random.below(3) > 0) {
      return random.pick([
        () => `not ${this.#closed(inner())}`,
        () => `${this.#closed(inner())} and ${this.#closed(inner())}`,
        () => `${this.#closed(inner())} or ${this.#closed(inner())}`,
        () => `${inner()} or ${inner()}`,
      ])();
    }
    return random.pick([
      () => `${this.#value(depth)} == ${this.#constant()}`,
      () => `${this.#constant()} == ${this.#value(depth)}`,
      () => `${this.#value(depth)} == ${this.#value(depth)}`,
      () => random.pick(this.#parts.conditions),
      () => (classes === 0 ? "member('ALL')" : `member('c${random.below(classes)}')`),
    ])();
  }

  /** With parentheses, or as the operators bind. */
  #closed(text: string): string {
    return this.#random.below(2) === 0 ? `(${text})` : text;
  }

  #constant(): string {
    const random = this.#random;
    const text = random.pick(vocabulary);
    if (text === "" || text.includes("\0") || random.below(4) === 0) {
      return random.pick(["''", "0x61", "0x0007", "10.0.0.1", "2001:db8::1", "4491", "0x00"]);
    }
    return `'${text}'`;
  }

  #value(depth: number): string {
    const random = this.#random;
    const inner = () => this.#value(depth - 1);
    if (depth > 0 && random.below(2) === 0) {
      return random.pick([
        () => `substring(${inner()},${random.below(7) - 3},${random.pick(["all", "1", "2", "-1", "-2", "0"])})`,
        () => `concat(${inner()},${inner()})`,
        () => `split(${inner()},'.',${random.below(4)})`,
        () => `lcase(${inner()})`,
        () => `ucase(${inner()})`,
        () => `hexstring(${inner()},${random.pick(["''", "':'", "'--'"])})`,
        () => `ifelse(${this.condition(0, 0)},${inner()},${inner()})`,
        () => `${random.pick(["uint8", "uint16", "int8", "int16", "int32", "uint32"])}totext(${inner()})`,
        () => `addrtotext(${inner()})`,
      ])();
    }
    return random.pick(random.below(2) === 0 ? this.#parts.words : this.#parts.values);
  }
}
