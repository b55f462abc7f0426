/** Values made of other values; what is made of constants is a constant. */
import { EvaluationError, type Value } from "./expression.ts";

export function constantOf<S>(constant: Uint8Array): Value<S> {
  return { kind: "value", constant, evaluate: () => constant };
}

/** @param operator may throw `EvaluationError` */
export function derive<S>(
  operands: readonly Value<S>[],
  operator: (...values: readonly Uint8Array[]) => Uint8Array,
): Value<S> {
  const constants = operands.flatMap(({ constant }) => (constant === undefined ? [] : [constant]));
  if (constants.length === operands.length) {
    try {
      return constantOf(operator(...constants));
    } catch (error) {
      // As in Kea it fails when a packet comes, and then each time.
      if (!(error instanceof EvaluationError)) throw error;
    }
  }
  const [first, second] = operands;
  if (operands.length === 1) return compute((subject) => operator(first!.evaluate(subject)));
  if (operands.length === 2) return compute((subject) => operator(first!.evaluate(subject), second!.evaluate(subject)));
  return compute((subject) => operator(...operands.map((operand) => operand.evaluate(subject))));
}

export function compute<S>(evaluate: (subject: S) => Uint8Array): Value<S> {
  return { kind: "value", constant: undefined, evaluate };
}
