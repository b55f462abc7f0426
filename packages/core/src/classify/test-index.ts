/**
 * Finds the classes whose tests are worth being looked at. Many classes mostly compare the same part of a packet with a
 * constant each: that part is computed once, and a map says whose constant it is.
 */
import { latin1 } from "../base/bytes.ts";
import { EvaluationError, type Value } from "../expressions/expression.ts";
import type { ClassTest } from "./class-tests.ts";

/** Fewer classes than this are looked at one by one. */
const WORTH_A_MAP = 3;

interface Group<S> {
  readonly value: Value<S>;
  readonly byConstant: Map<string, number[]>;
  /** The longest constant: longer values need no look-up. */
  longest: number;
}

export class TestIndex<S> {
  readonly #tests: readonly ClassTest<S>[];
  /** Positions of tests that any packet may pass. */
  readonly #loose: readonly number[];
  readonly #groups: readonly Group<S>[];

  /** @param tests in the order in which their classes are given */
  constructor(tests: readonly ClassTest<S>[]) {
    this.#tests = tests;
    const groups = new Map<string, Group<S>>();
    const loose = new Set(tests.keys());
    const positions = new Map<Group<S>, number[]>();
    for (const [position, { test }] of tests.entries()) {
      if (test?.need === undefined) continue;
      const { text, value, constant } = test.need;
      const group = groups.get(text) ?? { value, byConstant: new Map<string, number[]>(), longest: 0 };
      groups.set(text, group);
      const key = latin1(constant);
      group.byConstant.set(key, [...(group.byConstant.get(key) ?? []), position]);
      group.longest = Math.max(group.longest, constant.length);
      positions.set(group, [...(positions.get(group) ?? []), position]);
    }
    const worthy = [...positions].filter(([, members]) => members.length >= WORTH_A_MAP);
    for (const position of worthy.flatMap(([, members]) => members)) loose.delete(position);
    this.#groups = worthy.map(([group]) => group);
    this.#loose = [...loose];
  }

  /** Calls back with the tests that the packet may pass, in their order. */
  visit<T extends S>(subject: T, look: (test: ClassTest<S>, subject: T) => void): void {
    let positions = this.#loose;
    for (const group of this.#groups) {
      const hits = find(group, subject);
      if (hits !== undefined) positions = [...positions, ...hits];
    }
    if (positions !== this.#loose) positions = [...positions].sort((a, b) => a - b);
    for (const position of positions) look(this.#tests[position]!, subject);
  }
}

function find<S>({ value, byConstant, longest }: Group<S>, subject: S): readonly number[] | undefined {
  try {
    const bytes = value.evaluate(subject);
    return bytes.length > longest ? undefined : byConstant.get(latin1(bytes));
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
